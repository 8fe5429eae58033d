use automerge::Change;

use super::columns::{Column, each_column};
use crate::records::Value;
use crate::sync::reader::Reader;

/// What one operation of a change does with what it writes to.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::document) enum Does {
    Sets(Value),
    Deletes,
    /// Anything that no edit of ours does: an object made, a counter, bytes.
    Else,
}

/// What the operations of a change do, in their order: beside [`Targets`](super::targets::Targets), which tells where.
#[derive(Clone, Debug)]
pub(in crate::document) struct Values<'a> {
    action: Column<'a>,
    kind: Column<'a>,
    bytes: Reader<'a>,
    left: usize,
}

const ACTION: u64 = 0x42;
const VALUE_KIND: u64 = 0x56;
const VALUE: u64 = 0x57;

const SET: u64 = 1;
const DELETE: u64 = 3;

impl<'a> Values<'a> {
    /// None where the change's bytes are not as a change's are.
    pub(in crate::document) fn of(change: &'a Change) -> Option<Self> {
        let mut values = Self {
            action: Column::default(),
            kind: Column::default(),
            bytes: Reader::new(&[]),
            left: change.len(),
        };
        each_column(change, |specification, data| match specification {
            ACTION => values.action = Column::of(data, false),
            VALUE_KIND => values.kind = Column::of(data, false),
            VALUE => values.bytes = Reader::new(data),
            _ => {}
        })
        .ok()?;
        Some(values)
    }

    fn read(&mut self) -> Option<Does> {
        let (action, _) = self.action.next().ok()??;
        // The kind of the value in the lower four bits, how many bytes it takes above them.
        let kind = self.kind.next().ok()?.map_or(0, |(kind, _)| kind);
        let bytes = self.bytes.take(usize::try_from(kind >> 4).ok()?).ok()?;
        Some(match action {
            SET => value(kind & 15, bytes).map_or(Does::Else, Does::Sets),
            DELETE => Does::Deletes,
            _ => Does::Else,
        })
    }
}

fn value(kind: u64, bytes: &[u8]) -> Option<Value> {
    let mut reader = Reader::new(bytes);
    match kind {
        1 => Some(Value::Bool(false)),
        2 => Some(Value::Bool(true)),
        3 => Some(Value::Int(reader.uleb().ok()?.try_into().ok()?)),
        // A time is a number too.
        4 | 9 => Some(Value::Int(reader.sleb().ok()?)),
        5 => Some(Value::Float(f64::from_le_bytes(bytes.try_into().ok()?))),
        6 => Some(Value::Text(std::str::from_utf8(bytes).ok()?.to_owned())),
        _ => None,
    }
}

/// None inside, and then no more, where the columns are not as a change's are.
impl Iterator for Values<'_> {
    type Item = Option<Does>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let does = self.read();
        if does.is_none() {
            self.left = 0;
        }
        Some(does)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use automerge::legacy::OpType;
    use automerge::transaction::Transactable as _;
    use automerge::{ActorId, AutoCommit, ObjType, ROOT, ScalarValue};

    use super::*;

    #[test]
    fn values_are_what_automerge_decodes() {
        let mut document = AutoCommit::new().with_actor(ActorId::from([1; 16]));
        let map = document.put_object(ROOT, "map", ObjType::Map).unwrap();
        for (number, value) in [
            ScalarValue::from("岗位"),
            "".into(),
            true.into(),
            false.into(),
            i64::MIN.into(),
            i64::MAX.into(),
            u64::MAX.into(),
            3_u64.into(),
            (-0.5_f64).into(),
            ScalarValue::Timestamp(-7),
            ScalarValue::Null,
            ScalarValue::counter(3),
            ScalarValue::Bytes(vec![1, 2, 3]),
            "again".into(),
        ]
        .into_iter()
        .enumerate()
        {
            document.put(&map, format!("{number}"), value).unwrap();
            if number % 3 == 0 {
                document.delete(&map, format!("{number}")).unwrap();
            }
        }
        document.increment(&map, "11", 4).unwrap();
        let text = document.put_object(&map, "text", ObjType::Text).unwrap();
        document.splice_text(&text, 0, 0, "值").unwrap();
        let changes = document.get_changes(&[]);
        for change in changes {
            let read: Option<Vec<Does>> = Values::of(&change).unwrap().collect();
            let decoded = change.decode().operations;
            let expected = decoded.iter().map(|operation| match &operation.action {
                OpType::Put(scalar) => Value::from_scalar(scalar).map_or(Does::Else, Does::Sets),
                OpType::Delete => Does::Deletes,
                _ => Does::Else,
            });
            assert_eq!(read.unwrap(), expected.collect::<Vec<_>>());
        }
    }
}
