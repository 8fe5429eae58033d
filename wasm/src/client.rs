use bytes::Bytes;
use js_sys::{Error, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use yilian_core::document::{DocumentId, Month, Name};
use yilian_core::records::{Collection, RecordId};

mod refused;

use crate::session::{self, Memory, Options, Order, Session, SessionError};

/// The engine of one tab, for JavaScript: see the crate's documentation. Times are Unix
/// milliseconds, names and ids texts, everything composite JSON.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Client {
    session: Session,
    bytes: Bytes,
}

/// An error that JavaScript gets to see: its `name` is stable, its message is for people.
#[derive(Debug)]
pub struct Thrown(SessionError);

impl<E: Into<SessionError>> From<E> for Thrown {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        let error = Error::new(&thrown.0.in_full());
        error.set_name(thrown.0.code());
        if let Some(text) = thrown.0.text() {
            // A plain object takes any field.
            let _ = js_sys::Reflect::set(&error, &"zh".into(), &text.zh.into());
        }
        error.into()
    }
}

type Answer<T> = Result<T, Thrown>;

#[wasm_bindgen]
impl Client {
    /// A client with the options of `session::Options` as JSON, and 32 random bytes that nobody ever used.
    ///
    /// # Errors
    /// The options are not of that form, or the seed has another length.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, seed: &[u8]) -> Answer<Client> {
        report_panics();
        let seed = seed
            .try_into()
            .map_err(|_| SessionError::Text("a seed has 32 bytes".to_owned()))?;
        Ok(Self {
            session: Session::new(Options::read(options)?, seed),
            bytes: Bytes::new(),
        })
    }

    /// The next signal as JSON; call until there is none.
    pub fn poll(&mut self) -> Option<String> {
        let (signal, bytes) = self.session.poll()?;
        self.bytes = bytes;
        Some(signal.to_json())
    }

    /// The bytes of the last signal.
    #[wasm_bindgen(js_name = takeBytes)]
    pub fn take_bytes(&mut self) -> Uint8Array {
        Uint8Array::from(&std::mem::take(&mut self.bytes)[..])
    }

    /// A socket is open: what to send first.
    pub fn dialled(&mut self) -> Uint8Array {
        Uint8Array::from(&self.session.dialled()[..])
    }

    /// A frame came.
    ///
    /// # Errors
    /// The relay and we cannot speak: end the connection.
    pub fn received(&mut self, frame: Vec<u8>) -> Answer<()> {
        Ok(self.session.received(&Bytes::from(frame))?)
    }

    /// The socket is gone.
    pub fn disconnected(&mut self) {
        self.session.disconnected();
    }

    /// Whether the relay has introduced itself.
    #[wasm_bindgen(js_name = isOnline)]
    pub fn is_online(&self) -> bool {
        self.session.is_online()
    }

    /// The next frame to send, when the socket can take one.
    pub fn transmit(&mut self) -> Option<Uint8Array> {
        let frame = self.session.transmit()?;
        Some(Uint8Array::from(&frame[..]))
    }

    /// What the store has of a document: its changes one after the other, and its name.
    ///
    /// # Errors
    /// The id is none.
    pub fn loaded(&mut self, document: &str, changes: Vec<u8>, name: Option<String>) -> Answer<()> {
        let stored = Some((Bytes::from(changes), name));
        self.session.loaded(id(document)?, stored);
        Ok(())
    }

    /// A document could not be read.
    ///
    /// # Errors
    /// The id is none.
    #[wasm_bindgen(js_name = loadFailed)]
    pub fn load_failed(&mut self, document: &str) -> Answer<()> {
        self.session.loaded(id(document)?, None);
        Ok(())
    }

    /// What a `store` signal asked for is durable, or could not be stored.
    ///
    /// # Errors
    /// The id is none.
    pub fn stored(&mut self, document: &str, durable: bool) -> Answer<()> {
        self.session.stored(id(document)?, durable);
        Ok(())
    }

    /// Does what an `expand` signal asks.
    ///
    /// # Errors
    /// The id is none.
    pub fn expand(&mut self, document: &str, connection: u32, bytes: &[u8]) -> Answer<()> {
        let connection = u64::from(connection);
        self.session.expand(id(document)?, connection, bytes);
        Ok(())
    }

    /// Time has passed.
    pub fn tick(&mut self, now: f64) {
        self.session.tick(ms(now));
    }

    /// The network's clocks are so many minutes ahead of UTC.
    #[wasm_bindgen(js_name = setOffset)]
    pub fn set_offset(&mut self, minutes: i32) {
        self.session.set_offset(minutes);
    }

    /// Another tab has stored changes.
    ///
    /// # Errors
    /// The name is none.
    pub fn announced(&mut self, name: &str, changes: Vec<u8>) -> Answer<()> {
        self.session
            .announced(&self::name(name)?, Bytes::from(changes));
        Ok(())
    }

    /// Opens a document; answers its id.
    ///
    /// # Errors
    /// The name is none.
    pub fn open(&mut self, name: &str) -> Answer<String> {
        Ok(self.session.open(&self::name(name)?).to_string())
    }

    /// Whether a document is built, so that it has a snapshot.
    ///
    /// # Errors
    /// The name is none.
    #[wasm_bindgen(js_name = isBuilt)]
    pub fn is_built(&self, name: &str) -> Answer<bool> {
        Ok(self.session.is_built(&self::name(name)?))
    }

    /// Takes back one `open`.
    ///
    /// # Errors
    /// The name is none.
    pub fn close(&mut self, name: &str) -> Answer<()> {
        self.session.close(&self::name(name)?);
        Ok(())
    }

    /// Keeps a document in step for another tab.
    ///
    /// # Errors
    /// The name is none.
    pub fn attend(&mut self, name: &str) -> Answer<()> {
        self.session.attend(&self::name(name)?);
        Ok(())
    }

    /// Takes back `attend`.
    ///
    /// # Errors
    /// The name is none.
    pub fn leave(&mut self, name: &str) -> Answer<()> {
        self.session.leave(&self::name(name)?);
        Ok(())
    }

    /// Builds a document of its first `to` changes.
    ///
    /// # Errors
    /// The id is none.
    pub fn build(&mut self, document: &str, to: u32) -> Answer<()> {
        self.session.build(id(document)?, to);
        Ok(())
    }

    /// Shows what became durable, up to the first `to` changes.
    ///
    /// # Errors
    /// The id is none.
    pub fn apply(&mut self, document: &str, to: u32) -> Answer<()> {
        self.session.apply(id(document)?, to);
        Ok(())
    }

    /// The hash of a change, by its place among those that are stored.
    ///
    /// # Errors
    /// The id is none.
    pub fn change(&self, document: &str, index: u32) -> Answer<Option<String>> {
        Ok(self.session.change(id(document)?, index))
    }

    /// The records of a document, in parts.
    ///
    /// # Errors
    /// The document is not built.
    pub fn snapshot(&self, name: &str) -> Answer<Vec<String>> {
        Ok(self.session.snapshot(&self::name(name)?)?)
    }

    /// Carries out orders in a document as one change.
    ///
    /// # Errors
    /// An order does not fit; nothing is changed then.
    pub fn edit(&mut self, name: &str, orders: &str, message: &str, now: f64) -> Answer<String> {
        let orders = Order::read_all(orders)?;
        let name = self::name(name)?;
        Ok(self
            .session
            .edit(&name, orders, message, ms(now))?
            .to_json())
    }

    /// Answers a question: the answer as JSON (empty as long as something is not built), when it will be another (empty where never by
    /// itself), how many documents have to be open for it, the names of these, and what it depends on: names, and what names
    /// begin with, which ends with a slash.
    ///
    /// # Errors
    /// There is no such question, or it takes other arguments.
    pub fn query(&self, query: &str, args: &str, now: f64) -> Answer<Vec<String>> {
        let reading = self.session.query(query, args, ms(now))?;
        let until = reading.until_ms.map(|ms| ms.to_string());
        let count = reading.opens.len().to_string();
        let head = [reading.json, until.unwrap_or_default(), count];
        let opens = reading.opens.iter().map(ToString::to_string);
        Ok(head.into_iter().chain(opens).chain(reading.reads).collect())
    }

    /// Whether `takeTouched` has something.
    #[wasm_bindgen(js_name = isTouched)]
    pub fn is_touched(&self) -> bool {
        self.session.is_touched()
    }

    /// The names of the documents that changed, or came, since this was asked the last time; `*` is everything.
    #[wasm_bindgen(js_name = takeTouched)]
    pub fn take_touched(&mut self) -> Vec<String> {
        self.session.take_touched()
    }

    /// Takes back what `takeMemories` gave, in whatever session: a name, a state and a text each.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "wasm-bindgen hands over lists by value"
    )]
    pub fn recall(&self, memories: Vec<String>) {
        let (memories, _) = memories.as_chunks::<3>();
        let memories = memories.iter().filter_map(|[name, state, text]| {
            Some(Memory {
                name: name.parse().ok()?,
                state: state.clone(),
                text: text.clone(),
            })
        });
        let memories: Vec<Memory> = memories.collect();
        self.session.recall(&memories);
    }

    /// What was worked out and can be kept beside the store: a name, a state and a text each.
    #[wasm_bindgen(js_name = takeMemories)]
    pub fn take_memories(&mut self) -> Vec<String> {
        let memories = self.session.take_memories().into_iter();
        let texts = memories.flat_map(|of| [of.name.to_string(), of.state, of.text]);
        texts.collect()
    }

    /// What is another whenever the document is; none where it is not here.
    ///
    /// # Errors
    /// The name is none.
    pub fn version(&self, name: &str) -> Answer<Option<u32>> {
        Ok(self.session.version(&self::name(name)?))
    }

    /// Does something that takes more than orders; `random` are 16 bytes that nobody ever used, the same when it is tried again
    /// with what it asked to open.
    ///
    /// # Errors
    /// It cannot be done.
    pub fn act(&mut self, act: &str, args: &str, random: &[u8], now: f64) -> Answer<String> {
        let random = random
            .try_into()
            .map_err(|_| SessionError::Text("16 random bytes are needed".to_owned()))?;
        Ok(self.session.act(act, args, random, ms(now))?.to_json())
    }

    /// This tab has the socket from now on.
    pub fn lead(&mut self) {
        self.session.lead();
    }

    /// What this browser holds rights to goods as.
    #[wasm_bindgen(js_name = setHolder)]
    pub fn set_holder(&mut self, holder: &str) {
        self.session.set_holder(holder);
    }

    /// Undoes the author's last change of a document.
    ///
    /// # Errors
    /// There is no author, or the document is not built.
    pub fn undo(&mut self, name: &str, now: f64) -> Answer<String> {
        Ok(self.session.undo(&self::name(name)?, ms(now))?.to_json())
    }

    /// Does again what was undone last.
    ///
    /// # Errors
    /// The document is not built.
    pub fn redo(&mut self, name: &str, now: f64) -> Answer<String> {
        Ok(self.session.redo(&self::name(name)?, ms(now))?.to_json())
    }

    /// What was done to a record, oldest first.
    ///
    /// # Errors
    /// The document is not built.
    pub fn history(&self, name: &str, collection: &str, record: &str) -> Answer<String> {
        let (collection, record) = place(collection, record)?;
        let name = self::name(name)?;
        Ok(self.session.history(&name, collection, record)?)
    }

    /// The last `max` changes of a document, the newest first.
    ///
    /// # Errors
    /// The document is not built.
    pub fn log(&self, name: &str, max: u32) -> Answer<String> {
        Ok(self.session.log(&self::name(name)?, max)?)
    }

    /// The names of what the findings of a month read, as far as they are known.
    ///
    /// # Errors
    /// The month is none.
    pub fn around(&self, month: &str) -> Answer<Vec<String>> {
        let names = self.session.around(self::month(month)?);
        Ok(names.iter().map(ToString::to_string).collect())
    }

    /// The findings of the open documents that concern a month.
    ///
    /// # Errors
    /// The month is none.
    pub fn findings(&self, month: &str, now: f64) -> Answer<String> {
        let month = self::month(month)?;
        let findings = self.session.findings(Some(month), ms(now));
        Ok(session::write(&findings))
    }

    /// How far this replica and the relay are from each other.
    pub fn progress(&self) -> String {
        self.session.progress()
    }

    /// The names of all documents that are here.
    pub fn names(&self) -> Vec<String> {
        let names = self.session.names();
        names.iter().map(ToString::to_string).collect()
    }

    /// Says something to everybody who has a document open, and keeps it nowhere: CBOR.
    ///
    /// # Errors
    /// The name is none.
    #[wasm_bindgen(js_name = sendEphemeral)]
    pub fn send_ephemeral(&mut self, name: &str, data: Vec<u8>) -> Answer<()> {
        self.session
            .send_ephemeral(&self::name(name)?, Bytes::from(data));
        Ok(())
    }

    /// Every change of a document, one after the other, as Automerge loads them.
    ///
    /// # Errors
    /// The name is none.
    pub fn export(&self, name: &str) -> Answer<Option<Uint8Array>> {
        let exported = self.session.export(&self::name(name)?);
        Ok(exported.map(|bytes| Uint8Array::from(&bytes[..])))
    }
}

fn id(text: &str) -> Answer<DocumentId> {
    let no_id =
        |error: yilian_core::document::ParseDocumentIdError| SessionError::Text(error.to_string());
    Ok(text.parse().map_err(no_id)?)
}

fn name(text: &str) -> Answer<Name> {
    Ok(text.parse::<Name>()?)
}

fn month(text: &str) -> Answer<Month> {
    let no_month =
        |error: yilian_core::document::ParseMonthError| SessionError::Text(error.to_string());
    Ok(text.parse().map_err(no_month)?)
}

fn place(collection: &str, record: &str) -> Answer<(Collection, RecordId)> {
    let collection = collection
        .parse::<Collection>()
        .map_err(|error| SessionError::Text(error.to_string()))?;
    let record = record
        .parse::<RecordId>()
        .map_err(|error| SessionError::Text(error.to_string()))?;
    Ok((collection, record))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, which is what a clock before 1970 deserves"
)]
fn ms(now: f64) -> u64 {
    now as u64
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// A panic ends the module; the console at least says where.
fn report_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            console_error(&format!("@yilian/client: {panic}"));
        }));
    });
}
