use yilian_core::document::{Name, SiteKey};
use yilian_core::import::NamedPerson;
use yilian_node::Node;

use super::context::names;
use super::documents::held;
use super::failure::Failure;

/// Finds whom a name on a command line means, as the importer would: a name that several have asks,
/// a name that nobody has is kept as it is.
pub(crate) async fn find(node: &Node, site: &SiteKey, text: &str) -> Result<NamedPerson, Failure> {
    let own = Name::People { site: site.clone() };
    let is_people = |name: &Name| matches!(name, Name::People { .. });
    let read = names(node, is_people, vec![own, Name::Sites]).await?;
    let (asked, site) = (text.to_owned(), site.clone());
    let found = node
        .read(read, move |documents| {
            NamedPerson::find(&asked, &site, &held(documents))
        })
        .await?;
    found.map_err(|expected| {
        Failure::new(
            format!("name 不能是“{text}”，应为{}", expected.zh),
            format!("name cannot be \"{text}\": expected {}", expected.en),
        )
    })
}
