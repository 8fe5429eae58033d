use super::Value;

/// Gathers the fields of a record to store, leaving out the empty ones.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    pub(super) fn put(&mut self, field: &'static str, value: Option<Value>) {
        self.0.extend(value.map(|value| (field, value)));
    }

    pub(super) fn into_vec(self) -> Vec<(&'static str, Value)> {
        self.0
    }
}
