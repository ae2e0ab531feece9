namespace ClosedLoop.Adapters.CDEvents;

/// <summary>One producer of events, what it may write, and where its events say what CDEvents has no field for.</summary>
public sealed class CDEventsSource
{
    /// <summary>The default of <see cref="CommitPath"/>.</summary>
    public const string DefaultCommitPath = "customData.commit";

    /// <summary>The default of <see cref="RepositoryPath"/>.</summary>
    public const string DefaultRepositoryPath = "customData.repository";

    /// <summary>The default of <see cref="ItemPath"/>.</summary>
    public const string DefaultItemPath = "customData.item";

    /// <summary>Its <c>context.source</c>, such as <c>https://tekton.example.org/ci</c>; a <c>*</c> at the end stands for any rest. Required.</summary>
    public string Source { get; set; } = "";

    /// <summary>
    /// What it is to the gates (<see cref="Facts.WriterRoles"/>): <c>scm</c> for changes, <c>ci</c> for runs and artifacts, <c>registry</c> for
    /// artifacts, <c>deployer</c> for services, <c>health</c> for incidents. At least one; events of other subjects are ignored.
    /// </summary>
    public IList<string> Roles { get; } = [];

    /// <summary>The name of its writers (<c>ci:NAME</c>). The default is <c>cdevents</c>; give sources that do the same work different names.</summary>
    public string Name { get; set; } = CDEventsAdapter.Name;

    /// <summary>Its own secret, at least 16 characters. Null: <see cref="CDEventsOptions.Secret"/> counts. Sources with one cannot be impersonated by the others.</summary>
    public string? Secret { get; set; }

    /// <summary>The repositories, <c>owner/name</c>, that it may speak of. None: any. Events that name no repository belong to the only one of the list.</summary>
    public IList<string> Repositories { get; } = [];

    /// <summary>
    /// The pipelines and test suites, by name, that count for <c>main-ci</c>; others are ignored. One passes the gate alone, of several each is a part of it.
    /// None: all count, each as a part, which can fail the gate and not pass it.
    /// </summary>
    public IList<string> Checks { get; } = [];

    /// <summary>The branch that merged changes landed on, where <c>customData.branch</c> does not say it. The default is null: not known.</summary>
    public string? Branch { get; set; }

    /// <summary>Where its events say which commit was merged, built, packaged or deployed: names from the event's root, with dots between. The default is <c>customData.commit</c>.</summary>
    public string CommitPath { get; set; } = DefaultCommitPath;

    /// <summary>Where its events say which repository they are about, besides CDEvents' own fields. The default is <c>customData.repository</c>.</summary>
    public string RepositoryPath { get; set; } = DefaultRepositoryPath;

    /// <summary>Where its changes name their work item. The default is <c>customData.item</c>.</summary>
    public string ItemPath { get; set; } = DefaultItemPath;

    /// <summary>
    /// Whether <c>change.reviewed</c> is an approval when <c>customData.decision</c> does not say what it is. The default is false: CDEvents has no
    /// field for the verdict, and a review is not an approval.
    /// </summary>
    public bool ReviewMeansApproval { get; set; }

    /// <summary>Whether <c>artifact.packaged</c> passes <c>image-built</c>. The default is false: what is packaged is in no registry before <c>artifact.published</c>.</summary>
    public bool PackagedMeansPublished { get; set; }

    /// <summary>
    /// Whether runs and artifacts that name no commit belong to the commit whose <c>change.merged</c> has the same <c>chainId</c>. The default is
    /// false. Set it only where a chain is of one change: of several the newest would get the evidence of all.
    /// </summary>
    public bool FollowChains { get; set; }
}
