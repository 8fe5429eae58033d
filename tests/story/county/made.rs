//! Two years of a county of ten sites, made once for all tests.

use std::sync::OnceLock;

use yilian_core::document::{LiveDocument, Name};
use yilian_tests::county::{County, Document, Known, Scale, Tally};

use super::SEED;
use super::network::live;

/// Ten sites, as long as a whole county writes.
pub(super) fn two_years() -> County {
    County::new(SEED, Scale::of(10, Scale::FULL.months))
}

/// Documents of a county, and what the generator knows of them.
pub(super) struct Made {
    pub(super) documents: Vec<LiveDocument>,
    pub(super) known: Known,
    pub(super) tally: Tally,
}

/// Its disputes.
pub(super) fn disputes() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let county = two_years();
        Made::of(&county, county.disputes())
    })
}

/// Its night schools.
pub(super) fn schools() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let county = two_years();
        Made::of(&county, county.schools())
    })
}

impl Made {
    fn of(county: &County, written: impl IntoIterator<Item = Document>) -> Made {
        let (mut documents, mut known) = (Vec::new(), Known::default());
        let mut tally = Tally::default();
        for document in written {
            documents.push(live(county, &document));
            tally.extend(&document.tally);
            known.extend(document.facts);
        }
        Made {
            documents,
            known,
            tally,
        }
    }

    /// The document of a name.
    pub(super) fn get(&self, name: &Name) -> &LiveDocument {
        let mut documents = self.documents.iter();
        documents
            .find(|document| document.name() == Some(name))
            .unwrap()
    }
}
