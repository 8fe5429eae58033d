use yilian_core::document::{Name, SiteKey};
use yilian_core::records::{Person, RecordId};
use yilian_core::rules::Text;
use yilian_node::Node;

use super::failure::Failure;

/// Who is meant by a name on a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) lent_by: Option<SiteKey>,
    pub(crate) person: Option<RecordId>,
}

/// Finds whom `姓名`, `姓名#1234` (the last digits of the phone) or `姓名@站点` (lent by that site)
/// means; a name that several have asks, a name that nobody has is kept as it is.
pub(crate) async fn find(node: &Node, site: &SiteKey, text: &str) -> Result<Who, Failure> {
    let (text, lender) = match text.split_once('@') {
        Some((name, lender)) => (name, Some(lender.trim())),
        None => (text, None),
    };
    let (name, phone) = match text.split_once('#') {
        Some((name, phone)) => (name.trim().to_owned(), phone.trim().to_owned()),
        None => (text.trim().to_owned(), String::new()),
    };
    let lent_by = lender.map(str::parse::<SiteKey>).transpose().map_err(|_| {
        let lender = lender.unwrap_or_default();
        Failure::usage(
            format!("“{lender}”不是站点代码"),
            format!("\"{lender}\" is not the key of a site"),
        )
    })?;
    let home = lent_by.clone().unwrap_or_else(|| site.clone());
    let wanted = name.clone();
    let people = node
        .read(vec![Name::People { site: home }], move |documents| {
            let people = documents
                .iter()
                .flat_map(|document| document.view().present::<Person>());
            let named = people
                .map(|(person, _)| person)
                .filter(|person| person.name == wanted);
            named
                .filter(|person| person.phone.ends_with(&phone))
                .cloned()
                .collect::<Vec<_>>()
        })
        .await?;
    match people.as_slice() {
        [] => Ok(Who {
            name,
            lent_by,
            person: None,
        }),
        [one] => Ok(Who {
            name,
            lent_by,
            person: Some(one.id),
        }),
        several => Err(namesakes(&name, several)),
    }
}

fn namesakes(name: &str, several: &[Person]) -> Failure {
    let list = several.iter().map(|person| {
        let digits: String = person
            .phone
            .chars()
            .rev()
            .take(4)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let line = format!("  {name}#{digits}");
        Text::new(line.clone(), line)
    });
    Failure::Failed(
        Text::new(
            format!("有 {} 个{name}，请写明是哪一个", several.len()),
            format!(
                "there are {} people called {name}: say which",
                several.len()
            ),
        ),
        list.collect(),
    )
}
