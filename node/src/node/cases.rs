//! Cases that other sites handed to this one.

use yilian_core::document::{Kind, Name};
use yilian_core::mediation::shared_with;

use super::{Node, ReadError, Role};

impl Node {
    /// Opens the cases that were handed to this node's site, which it does not subscribe to by their names, and names them. From then on
    /// they are synced; ask again when documents of the site's own cases arrive.
    ///
    /// # Errors
    /// See [`Node::read`].
    pub async fn follow_cases(&self) -> Result<Vec<Name>, ReadError> {
        let profile = self.profile();
        let Some(site) = profile.site.as_ref().filter(|_| profile.role == Role::Site) else {
            // A hub holds every document.
            return Ok(Vec::new());
        };
        let is_own = |name: &Name| name.kind() == Kind::Cases && name.site() == Some(site);
        let own: Vec<Name> = self.names().await?.into_iter().filter(is_own).collect();
        let shared = self
            .read(own, |documents| -> Vec<Name> {
                let told = documents.iter();
                told.filter_map(|document| shared_with(document.name()?, document.view()))
                    .collect()
            })
            .await?;
        self.read(shared.clone(), |_| ()).await?;
        Ok(shared)
    }
}
