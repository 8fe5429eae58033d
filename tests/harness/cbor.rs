//! Frames of the wire as a test sees them: a flat map of names to values, nothing assumed.
//!
//! Written from the protocol's side rather than on the engine's own types, so that a mistake made
//! there is not made here too.

use std::collections::BTreeMap;

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// A value inside a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text string.
    Text(String),
    /// A byte string.
    Bytes(Vec<u8>),
    /// An unsigned integer.
    Integer(u64),
    /// A float64: how JavaScript writes large integers.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// `null`, or JavaScript's `undefined`.
    Nothing,
    /// An array.
    List(Vec<Value>),
    /// A map with text keys.
    Map(Frame),
}

/// One frame: a map with text keys.
pub type Frame = BTreeMap<String, Value>;

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes, if it is a byte string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Bytes(bytes)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Value {
        Value::Integer(number)
    }
}

/// A frame of `pairs`.
pub fn frame<const N: usize>(pairs: [(&str, Value); N]) -> Frame {
    pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// The bytes of a frame.
pub fn encode(frame: &Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_map(&mut Encoder::new(&mut bytes), frame);
    bytes
}

/// Reads one frame.
///
/// # Errors
/// Where the bytes are not a CBOR map with text keys of the types above.
pub fn decode(bytes: &[u8]) -> Result<Frame, minicbor::decode::Error> {
    let mut decoder = Decoder::new(bytes);
    read_map(&mut decoder)
}

fn write_map(encoder: &mut Encoder<&mut Vec<u8>>, frame: &Frame) {
    encoder.map(frame.len() as u64).expect("memory takes bytes");
    for (key, value) in frame {
        encoder.str(key).expect("memory takes bytes");
        write(encoder, value);
    }
}

fn write(encoder: &mut Encoder<&mut Vec<u8>>, value: &Value) {
    match value {
        Value::Text(text) => drop(encoder.str(text).expect("memory takes bytes")),
        Value::Bytes(bytes) => drop(encoder.bytes(bytes).expect("memory takes bytes")),
        Value::Integer(number) => drop(encoder.u64(*number).expect("memory takes bytes")),
        Value::Float(number) => drop(encoder.f64(*number).expect("memory takes bytes")),
        Value::Bool(value) => drop(encoder.bool(*value).expect("memory takes bytes")),
        Value::Nothing => drop(encoder.null().expect("memory takes bytes")),
        Value::List(values) => {
            encoder
                .array(values.len() as u64)
                .expect("memory takes bytes");
            for value in values {
                write(encoder, value);
            }
        }
        Value::Map(map) => write_map(encoder, map),
    }
}

fn read_map(decoder: &mut Decoder<'_>) -> Result<Frame, minicbor::decode::Error> {
    let entries = decoder
        .map()?
        .ok_or_else(|| minicbor::decode::Error::message("indefinite map"))?;
    let mut frame = Frame::new();
    for _ in 0..entries {
        let key = decoder.str()?.to_owned();
        frame.insert(key, read(decoder)?);
    }
    Ok(frame)
}

fn read(decoder: &mut Decoder<'_>) -> Result<Value, minicbor::decode::Error> {
    Ok(match decoder.datatype()? {
        Type::String => Value::Text(decoder.str()?.to_owned()),
        Type::Bytes => Value::Bytes(decoder.bytes()?.to_vec()),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => Value::Integer(decoder.u64()?),
        Type::F16 | Type::F32 | Type::F64 => Value::Float(decoder.f64()?),
        Type::Bool => Value::Bool(decoder.bool()?),
        Type::Null => {
            decoder.null()?;
            Value::Nothing
        }
        Type::Undefined => {
            decoder.undefined()?;
            Value::Nothing
        }
        Type::Array => {
            let length = decoder
                .array()?
                .ok_or_else(|| minicbor::decode::Error::message("indefinite array"))?;
            let mut values = Vec::new();
            for _ in 0..length {
                values.push(read(decoder)?);
            }
            Value::List(values)
        }
        Type::Map => Value::Map(read_map(decoder)?),
        other => {
            return Err(minicbor::decode::Error::message(format!(
                "a {other} in a frame"
            )));
        }
    })
}
