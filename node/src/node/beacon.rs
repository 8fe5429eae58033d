use bytes::{BufMut as _, Bytes, BytesMut};
use serde_json::json;
use yilian_core::document::{DocumentId, Name};
use yilian_core::sync::replica::{Progress, Replica};

use super::Profile;
use crate::time::Clock;

/// How often a node says that it is there.
const SAY_EVERY_MS: u64 = 15_000;
/// How often it looks whether there is news.
const LOOK_EVERY_MS: u64 = 1_000;

/// Tells the network's readers how this site's node stands, as browsers do: an ephemeral message to those
/// who have the `sites` document, as `@yilian/client` reads it.
pub(super) struct Beacon {
    id: String,
    site: String,
    author: Option<String>,
    /// The document whose readers hear of each other.
    meeting: Option<DocumentId>,
    saved_at_ms: Option<u64>,
    said: Option<(usize, bool)>,
    say_at_ms: u64,
    look_at_ms: u64,
}

impl Beacon {
    /// None for a node that stands nowhere: a hub without a site.
    pub(super) fn new(profile: &Profile, id: &str) -> Option<Self> {
        Some(Self {
            id: id.to_owned(),
            site: profile.site.as_ref()?.to_string(),
            author: profile
                .author
                .as_ref()
                .map(|author| author.as_str().to_owned()),
            meeting: None,
            saved_at_ms: None,
            said: None,
            say_at_ms: 0,
            look_at_ms: 0,
        })
    }

    /// Whether it is time to look at the progress. Times are steady ones: a wall clock that is set back a day would silence it
    /// for a day.
    pub(super) fn looks(&self, now_ms: u64) -> bool {
        now_ms >= self.look_at_ms
    }

    /// Speaks up if there is news, or if it has not for a while.
    ///
    /// Who leaves as soon as it is in step may not be heard.
    pub(super) fn look(&mut self, replica: &mut Replica, progress: &Progress, clock: &Clock) {
        let open = || replica.open(&Name::Sites);
        let meeting = *self.meeting.get_or_insert_with(open);
        if let Some(said) = self.news(progress, clock)
            && !replica.send_ephemeral(meeting, &said)
        {
            // Nobody to hear it yet.
            self.said = None;
        }
    }

    fn news(&mut self, progress: &Progress, clock: &Clock) -> Option<Bytes> {
        let now_ms = clock.steady_ms();
        self.look_at_ms = now_ms + LOOK_EVERY_MS;
        if progress.is_in_step() {
            self.saved_at_ms = Some(clock.unix_ms());
        }
        let waiting: usize = progress
            .waiting
            .iter()
            .map(|waiting| waiting.changes.unwrap_or(1))
            .sum();
        let news = Some((waiting, self.saved_at_ms.is_some()));
        // Before the catalogue is read, what is said would be said again at once.
        if !progress.online || !progress.catalogue_read {
            self.said = None;
            return None;
        }
        if self.said == news && now_ms < self.say_at_ms {
            return None;
        }
        self.said = news;
        self.say_at_ms = now_ms + SAY_EVERY_MS;
        let said = json!({
            "yilian": "device",
            "id": self.id,
            "site": self.site,
            "author": self.author,
            "changesWaiting": waiting,
            "savedAt": self.saved_at_ms,
        });
        Some(cbor_text(&said.to_string()))
    }
}

/// A text as JavaScript clients decode it.
fn cbor_text(text: &str) -> Bytes {
    const TEXT_OF_U32_LENGTH: u8 = 0x7a;
    let mut bytes = BytesMut::with_capacity(text.len() + 5);
    bytes.put_u8(TEXT_OF_U32_LENGTH);
    bytes.put_u32(u32::try_from(text.len()).unwrap_or(u32::MAX));
    bytes.put_slice(text.as_bytes());
    bytes.freeze()
}
