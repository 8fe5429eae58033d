//! Disputes: their register, what is done with them, who is on duty.

use yilian_core::document::{Kind, Name, SiteKey};
use yilian_core::import::name_key;
use yilian_core::mediation::{self, MediationError, Proceedings, code, proceedings};
use yilian_core::ordered::BTreeMap;
use yilian_core::records::{Case, Stage, Typed as _, Value, write_date_time};
use yilian_core::rules::Text;
use yilian_node::Node;

use super::context::{Context, names};
use super::failure::Failure;
use super::log::{Told, tell};
use super::noun::{self, One, RecordVerb};
use super::site::OnlySite;

pub(crate) mod args;
mod assign;
mod import;
mod list;
mod share;
mod show;
mod step;

use args::{CaseArgument, CaseCommand};
pub(crate) use assign::give_at_once;

/// The fewest characters of a number's end that mean one, and of an id's.
const NUMBER_MIN: usize = 3;
const ID_MIN: usize = 4;
const CANDIDATES_MAX: usize = 10;

pub(crate) async fn run(context: &Context, command: CaseCommand) -> Result<(), Failure> {
    use Stage as S;
    match command {
        CaseCommand::List {
            site,
            stage,
            open,
            overdue,
        } => {
            let wanted = list::Wanted {
                site,
                stage,
                open,
                overdue,
            };
            list::run(context, wanted).await
        }
        CaseCommand::Import { file, site } => import::run(context, &file, &site).await,
        CaseCommand::Accept(asked) => step::run(context, S::Accepted, asked).await,
        CaseCommand::Decline(asked) => step::run(context, S::Declined, asked).await,
        CaseCommand::Assign {
            case,
            name,
            post,
            of,
            said,
        } => {
            let to = name.map(|name| assign::To { name, post, of });
            assign::run(context, &case, to, said).await
        }
        CaseCommand::Begin(asked) => step::run(context, S::Mediating, asked).await,
        CaseCommand::Agree { case, fields, said } => {
            step::agree(context, &case, &fields, said).await
        }
        CaseCommand::Fail(asked) => step::run(context, S::Failed, asked).await,
        CaseCommand::Withdraw(asked) => step::run(context, S::Withdrawn, asked).await,
        CaseCommand::Refer {
            case,
            to,
            reference,
            said,
        } => step::refer(context, &case, (to, reference), said).await,
        CaseCommand::Ratify(asked) => step::run(context, S::Ratified, asked).await,
        CaseCommand::Reject(asked) => step::run(context, S::Unratified, asked).await,
        CaseCommand::Close(asked) => step::run(context, S::Closed, asked).await,
        CaseCommand::Share { case, to, said } => share::run(context, &case, &to, said).await,
        CaseCommand::OnDuty { site } => assign::on_duty_now(context, &site).await,
        CaseCommand::Record(RecordVerb::Show { one }) => {
            let (case, site) = one.asked();
            show::run(context, case, site).await
        }
        CaseCommand::Record(RecordVerb::History { one }) => {
            let (case, site) = one.asked();
            history(context, case, site).await
        }
        CaseCommand::Record(RecordVerb::Set { one, fields }) => {
            let one = resolved(context, &one).await?;
            noun::record(context, &Case::KIND, RecordVerb::Set { one, fields }).await
        }
        CaseCommand::Record(verb) => noun::record(context, &Case::KIND, verb).await,
    }
}

/// What a new case need not say: a number, and when it came in.
pub(crate) fn fill(node: &Node, fields: &mut BTreeMap<String, Value>) -> Result<(), Failure> {
    let now = node.clock().civil();
    if !fields.contains_key("case") {
        let drawn = *node.new_record()?.as_uuid().as_bytes();
        // The first bytes of an id are the time, the last are random.
        let mut random = [0; 16];
        for (to, from) in random.iter_mut().zip(drawn.iter().skip(8).cycle()) {
            *to = *from;
        }
        fields.insert("case".to_owned(), code(now.date(), random).into());
    }
    if !fields.contains_key("received") {
        fields.insert("received".to_owned(), write_date_time(now).into());
    }
    Ok(())
}

/// Says so where a document holds no case that something could be added to.
pub(crate) async fn expect(node: &Node, document: &Name) -> Result<(), Failure> {
    let name = document.clone();
    let found = node
        .read(vec![document.clone()], move |documents| {
            let document = documents.get(&name);
            document.is_some_and(|document| proceedings(document.view()).is_some())
        })
        .await?;
    match (found, document) {
        (false, Name::Case { site, case }) => Err(Failure::new(
            format!("{site} 没有编号为 {case} 的案件；有哪些：yilian case list"),
            format!("{site} has no case {case}; yilian case list shows which there are"),
        )),
        _ => Ok(()),
    }
}

/// A case as the common verbs find it, whatever it was called.
async fn resolved(context: &Context, one: &One) -> Result<One, Failure> {
    let node = context.open().await?;
    let (asked, site) = one.asked();
    let name = find(context, &node, asked, site).await?;
    let record = with_case(&node, &name, |case| Ok(case.case.id)).await?;
    node.stop().await;
    Ok(One::of(record))
}

async fn history(context: &Context, asked: &str, site: &OnlySite) -> Result<(), Failure> {
    let node = context.open().await?;
    let name = find(context, &node, asked, site).await?;
    let told = Told {
        key: "case",
        called: number(&name),
        first: ("add", Stage::Registered),
    };
    tell(context, node, name, told).await
}

/// A case's number.
fn number(name: &Name) -> String {
    match name {
        Name::Case { case, .. } => case.clone(),
        other => other.to_string(),
    }
}

async fn find_of(context: &Context, node: &Node, case: &CaseArgument) -> Result<Name, Failure> {
    find(context, node, &case.case, &case.site).await
}

/// The document of the case that is called so.
async fn find(
    context: &Context,
    node: &Node,
    asked: &str,
    site: &OnlySite,
) -> Result<Name, Failure> {
    let site = site.named(context, node).await?;
    let wanted = |name: &Name| is_case(name) && (site.is_none() || name.site() == site.as_ref());
    let read = names(node, wanted, Vec::new()).await?;
    let text = asked.trim().to_owned();
    let mut found = node
        .read(read, move |documents| {
            let cases = documents
                .iter()
                .filter_map(|document| Some((document.name()?, proceedings(document.view())?)));
            let mut ranked: Vec<(u8, Name, String)> = cases
                .filter_map(|(name, case)| {
                    Some((rank(&case, &text)?, name.clone(), case.title().0))
                })
                .collect();
            // Whatever is called exactly so comes before what only ends so.
            let best = ranked.iter().map(|(rank, ..)| *rank).min();
            ranked.retain(|(rank, ..)| Some(*rank) == best);
            ranked
        })
        .await?;
    match (found.pop(), found.len()) {
        (Some((_, name, _)), 0) => Ok(name),
        (None, _) => Err(Failure::new(
            format!("这里没有叫“{asked}”的案件；有哪些：yilian case list"),
            format!("there is no case \"{asked}\" here; yilian case list shows which there are"),
        )),
        (Some(last), _) => {
            found.push(last);
            let list = found.iter().take(CANDIDATES_MAX).map(|(_, name, title)| {
                let line = format!("  {name}  {title}");
                Text::new(line.clone(), line)
            });
            Err(Failure::Failed(
                Text::new(
                    format!(
                        "有 {} 件案件都对得上“{asked}”，请写全编号，或用 --site",
                        found.len()
                    ),
                    format!(
                        "\"{asked}\" may be any of {} cases: give the whole number, or --site",
                        found.len()
                    ),
                ),
                list.collect(),
            ))
        }
    }
}

fn is_case(name: &Name) -> bool {
    name.kind() == Kind::Cases
}

/// How well a case is what was asked for; the least is best.
fn rank(case: &Proceedings<'_>, asked: &str) -> Option<u8> {
    let number = &case.case.case;
    let id = case.case.id.to_string();
    let long = |min| asked.chars().count() >= min;
    let is_id = long(ID_MIN) && (id.ends_with(asked) || id.starts_with(asked));
    match () {
        () if asked.is_empty() => None,
        () if number == asked || id == asked => Some(0),
        () if case
            .parties
            .iter()
            .any(|party| name_key(&party.name) == name_key(asked)) =>
        {
            Some(1)
        }
        () if is_id || long(NUMBER_MIN) && number.ends_with(asked) => Some(2),
        () => None,
    }
}

fn refused(error: &MediationError) -> Failure {
    Failure::Failed(error.text(), Vec::new())
}

/// Works on the case of a document, which is here.
async fn with_case<T: Send + 'static>(
    node: &Node,
    name: &Name,
    work: impl FnOnce(&Proceedings<'_>) -> Result<T, MediationError> + Send + 'static,
) -> Result<T, Failure> {
    let of = name.clone();
    let done = node
        .read(vec![name.clone()], move |documents| {
            let document = documents.get(&of).ok_or(MediationError::Empty)?;
            let case = proceedings(document.view()).ok_or(MediationError::Empty)?;
            work(&case)
        })
        .await?;
    done.map_err(|error| refused(&error))
}

/// The site of a case.
fn site_of(name: &Name) -> Result<SiteKey, Failure> {
    let site = name.site().cloned();
    site.ok_or_else(|| refused(&mediation::MediationError::Empty))
}
