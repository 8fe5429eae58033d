use std::fmt::Display;

use jiff::civil::DateTime;

use super::{Value, write_date_time};

/// Gathers the fields of a record to store, leaving out the empty ones.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    pub(super) fn text(&mut self, field: &'static str, text: &str) -> &mut Self {
        if !text.is_empty() {
            self.0.push((field, text.into()));
        }
        self
    }

    pub(super) fn shown(&mut self, field: &'static str, shown: Option<&impl Display>) -> &mut Self {
        self.text(field, &shown.map(ToString::to_string).unwrap_or_default())
    }

    pub(super) fn time(&mut self, field: &'static str, at: Option<DateTime>) -> &mut Self {
        let at = at.filter(|at| *at != DateTime::ZERO);
        self.text(field, &at.map(write_date_time).unwrap_or_default())
    }

    pub(super) fn value(
        &mut self,
        field: &'static str,
        value: Option<impl Into<Value>>,
    ) -> &mut Self {
        if let Some(value) = value {
            self.0.push((field, value.into()));
        }
        self
    }

    pub(super) fn into_vec(self) -> Vec<(&'static str, Value)> {
        self.0
    }
}
