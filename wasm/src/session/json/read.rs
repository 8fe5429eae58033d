use super::super::SessionError;

/// A JSON value that was read.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::session) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    /// Any other number.
    Float(f64),
    String(String),
    Array(Vec<Json>),
    /// The fields as they came.
    Object(Fields),
}

/// The fields of an object.
pub(in crate::session) type Fields = Vec<(String, Json)>;

/// Lists and objects may be this deep in each other; ours are four deep.
const DEPTH_MAX: u8 = 32;

impl Json {
    /// Reads a text as JavaScript's `JSON.stringify` writes it.
    ///
    /// # Errors
    /// It is no JSON.
    pub(in crate::session) fn read(text: &str) -> Result<Self, SessionError> {
        let mut reader = Reader(text);
        let value = reader.value(DEPTH_MAX);
        reader.skip_blanks();
        value
            .filter(|_| reader.0.is_empty())
            .ok_or(SessionError::Argument)
    }

    /// What a field of an object holds; of several the last counts, as in JavaScript.
    pub(in crate::session) fn get(&self, name: &str) -> Option<&Self> {
        let mut fields = self.as_object()?.iter().rev();
        fields.find(|(held, _)| held == name).map(|(_, json)| json)
    }

    pub(in crate::session) fn as_object(&self) -> Option<&Fields> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    pub(in crate::session) fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(in crate::session) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(in crate::session) fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "JavaScript has no other numbers"
            )]
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    pub(in crate::session) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }
}

/// What is left to read.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn skip_blanks(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }

    /// Whether this comes next; then it is read.
    fn takes(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let rest = self.0.strip_prefix(word);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn value(&mut self, depth: u8) -> Option<Json> {
        let depth = depth.checked_sub(1)?;
        if self.takes("\"") {
            return self.text().map(Json::String);
        }
        if self.takes("{") {
            return self.object(depth).map(Json::Object);
        }
        if self.takes("[") {
            return self.array(depth).map(Json::Array);
        }
        for (word, json) in [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
        ] {
            if self.takes(word) {
                return Some(json);
            }
        }
        self.number()
    }

    fn object(&mut self, depth: u8) -> Option<Fields> {
        let mut fields = Vec::new();
        if self.takes("}") {
            return Some(fields);
        }
        loop {
            let name = self.takes("\"").then(|| self.text())??;
            let value = self.takes(":").then(|| self.value(depth))??;
            fields.push((name, value));
            if self.takes("}") {
                return Some(fields);
            }
            self.takes(",").then_some(())?;
        }
    }

    fn array(&mut self, depth: u8) -> Option<Vec<Json>> {
        let mut items = Vec::new();
        if self.takes("]") {
            return Some(items);
        }
        loop {
            items.push(self.value(depth)?);
            if self.takes("]") {
                return Some(items);
            }
            self.takes(",").then_some(())?;
        }
    }

    fn number(&mut self) -> Option<Json> {
        let in_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let len = self.0.bytes().take_while(in_number).count();
        let (number, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        if number.starts_with('+') {
            return None;
        }
        if let Ok(whole) = number.parse() {
            return Some(Json::Int(whole));
        }
        let float = float(number);
        float.is_finite().then_some(Json::Float(float))
    }

    /// A text up to its end, its beginning is read.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let end = self
                .0
                .bytes()
                .position(|byte| matches!(byte, b'"' | b'\\'))?;
            let (plain, rest) = self.0.split_at_checked(end)?;
            text.push_str(plain);
            self.0 = rest;
            if self.letter()? == '"' {
                return Some(text);
            }
            text.push(self.escaped()?);
        }
    }

    fn letter(&mut self) -> Option<char> {
        let mut letters = self.0.chars();
        let letter = letters.next();
        self.0 = letters.as_str();
        letter
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.letter()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            letter @ ('"' | '\\' | '/') => letter,
            'u' => {
                let unit = self.unit()?;
                let low = match unit {
                    0xD800..=0xDBFF if self.0.starts_with("\\u") => {
                        self.0 = self.0.get(2..)?;
                        Some(self.unit()?)
                    }
                    _ => None,
                };
                let units = [unit].into_iter().chain(low);
                char::decode_utf16(units).next()?.ok()?
            }
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit << 4 | self.letter()?.to_digit(16)?;
        }
        u16::try_from(unit).ok()
    }
}

/// What a text says in decimal digits; JavaScript can read them and need not load tables for it.
#[cfg(target_arch = "wasm32")]
fn float(text: &str) -> f64 {
    js_sys::parse_float(text)
}

#[cfg(not(target_arch = "wasm32"))]
fn float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn plain(json: &serde_json::Value) -> Json {
        match json {
            serde_json::Value::Null => Json::Null,
            serde_json::Value::Bool(flag) => Json::Bool(*flag),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) => Json::Int(whole),
                None => Json::Float(number.as_f64().unwrap()),
            },
            serde_json::Value::String(text) => Json::String(text.clone()),
            serde_json::Value::Array(items) => Json::Array(items.iter().map(plain).collect()),
            serde_json::Value::Object(fields) => Json::Object(
                fields
                    .iter()
                    .map(|(name, json)| (name.clone(), plain(json)))
                    .collect(),
            ),
        }
    }

    #[test]
    fn it_reads_what_others_read() {
        for text in [
            r#" { "a" : [ 1 , -2.5 , 1e3, true, false, null ], "b": {}, "c": [] } "#,
            r#""plain 清晨 \"\\\/\b\f\n\r\t A \ud83d\ude00""#,
            "9223372036854775807",
            "9223372036854775808",
            "0",
        ] {
            let expected: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(Json::read(text).unwrap(), plain(&expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "\"\\u12\"",
            "nul",
            "1 2",
            "-",
            "+1",
            "é",
            &deep,
        ] {
            assert!(Json::read(text).is_err(), "{text:.20}");
        }
    }
}
