use jiff::civil::{Date, DateTime};

use super::{
    FieldReader, Form, Hours, RecordId, Value, Weekdays, parse_date, write_date, write_date_time,
};
use crate::document::SiteKey;
use crate::ordered::BTreeSet;

/// A type that a field of a record may have: which form that is, how it is read and stored.
pub trait FieldType: Sized {
    /// What such a field holds. A number's bounds are the field's own.
    const FORM: Form;

    /// Whether it has a value for a field that is missing or unreadable, and so can say that it is.
    const NULLABLE: bool = false;

    /// Reads a field: never fails, what cannot be read is left empty.
    fn read(fields: &FieldReader<'_>, field: &str) -> Self;

    /// The value to store; none where it is empty.
    fn value(&self) -> Option<Value>;
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

const ANY_NUMBER: Form = Form::Number {
    min: i32::MIN,
    max: i32::MAX,
};

impl FieldType for String {
    const FORM: Form = Form::Text;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.text(field)
    }

    fn value(&self) -> Option<Value> {
        text(self)
    }
}

impl FieldType for bool {
    const FORM: Form = Form::Flag;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.flag(field).unwrap_or(false)
    }

    fn value(&self) -> Option<Value> {
        Some((*self).into())
    }
}

impl FieldType for BTreeSet<String> {
    const FORM: Form = Form::Words;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.words(field)
    }

    fn value(&self) -> Option<Value> {
        let words: Vec<_> = self.iter().map(String::as_str).collect();
        text(&words.join(" "))
    }
}

impl FieldType for Weekdays {
    const FORM: Form = Form::Weekdays;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.weekdays(field)
    }

    fn value(&self) -> Option<Value> {
        text(&self.to_string())
    }
}

/// [`SiteKey::unreadable`] where it cannot be read.
impl FieldType for SiteKey {
    const FORM: Form = Form::Site;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.site(field).unwrap_or_else(Self::unreadable)
    }

    fn value(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl FieldType for Option<SiteKey> {
    const FORM: Form = Form::Site;
    const NULLABLE: bool = true;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.site(field)
    }

    fn value(&self) -> Option<Value> {
        self.as_ref().map(|site| site.as_str().into())
    }
}

/// [`DateTime::ZERO`] where it cannot be read.
impl FieldType for DateTime {
    const FORM: Form = Form::DateTime;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.time(field).unwrap_or(Self::ZERO)
    }

    fn value(&self) -> Option<Value> {
        (*self != Self::ZERO).then(|| write_date_time(*self).into())
    }
}

impl FieldType for Option<DateTime> {
    const FORM: Form = Form::DateTime;
    const NULLABLE: bool = true;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.time(field)
    }

    fn value(&self) -> Option<Value> {
        self.map(|at| write_date_time(at).into())
    }
}

impl FieldType for Option<Date> {
    const FORM: Form = Form::Date;
    const NULLABLE: bool = true;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.str(field).and_then(parse_date)
    }

    fn value(&self) -> Option<Value> {
        self.map(|date| write_date(date).into())
    }
}

impl FieldType for Option<Hours> {
    const FORM: Form = Form::Hours;
    const NULLABLE: bool = true;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.hours(field)
    }

    fn value(&self) -> Option<Value> {
        self.as_ref().map(|hours| hours.to_string().into())
    }
}

impl FieldType for Option<RecordId> {
    const FORM: Form = Form::Record;
    const NULLABLE: bool = true;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.record(field)
    }

    fn value(&self) -> Option<Value> {
        self.map(|id| id.to_string().into())
    }
}

impl FieldType for Option<f64> {
    const FORM: Form = ANY_NUMBER;
    const NULLABLE: bool = true;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.number(field)
    }

    fn value(&self) -> Option<Value> {
        self.map(Value::from)
    }
}

impl FieldType for Option<i64> {
    const FORM: Form = ANY_NUMBER;
    const NULLABLE: bool = true;

    fn read(fields: &FieldReader<'_>, field: &str) -> Self {
        fields.count(field)
    }

    fn value(&self) -> Option<Value> {
        self.map(Value::from)
    }
}
