namespace ClosedLoop.Facts;

/// <summary>Names of the attributes that ClosedLoop itself reads from facts.</summary>
public static class FactAttributes
{
    /// <summary>A human title of an item or change.</summary>
    public const string Title = "title";

    /// <summary>The pipeline that an item goes through.</summary>
    public const string Pipeline = "pipeline";

    /// <summary>Repository, <c>owner/name</c>.</summary>
    public const string Repository = "repository";

    /// <summary>The target branch of a change or the branch of a landing.</summary>
    public const string Branch = "branch";

    /// <summary>Agent name.</summary>
    public const string Agent = "agent";

    /// <summary>Model name and version.</summary>
    public const string Model = "model";

    /// <summary>Agent session id.</summary>
    public const string Session = "session";

    /// <summary>Iteration number within the session.</summary>
    public const string Iteration = "iteration";

    /// <summary>Digest of the prompt or specification that the agent worked from.</summary>
    public const string PromptDigest = "prompt_digest";

    /// <summary>Priority, free text of the team's own scale.</summary>
    public const string Priority = "priority";

    /// <summary>How a landing got onto its line: <c>merge</c>, <c>squash</c> or <c>direct</c>.</summary>
    public const string LandingKind = "landing_kind";

    /// <summary>The keys that a <see cref="FactKinds.Revert"/> undoes, separated by spaces: <c>commit:</c> or <c>pr:</c>.</summary>
    public const string Reverts = "reverts";

    /// <summary>The <c>commit:</c> or <c>pr:</c> keys whose content a <see cref="FactKinds.Equivalent"/> commit has, separated by spaces.</summary>
    public const string EquivalentTo = "equivalent_to";

    /// <summary>How a revert or an equivalence is known: <c>trailer</c>, <c>pull-request</c>, <c>patch</c> or <c>lost</c>.</summary>
    public const string How = "how";

    /// <summary>Prefix of the attributes that hold a landing's changed paths; see <see cref="Lines.ChangedPaths"/>.</summary>
    public const string Paths = "paths";

    /// <summary>How a migration made this fact: <c>backdated</c>, <c>cliff</c> or <c>recovered</c>.</summary>
    public const string Migration = "migration";

    /// <summary>Set to <c>clamped</c> when a source's timestamp was negative or in the future and was replaced by the time of receipt.</summary>
    public const string Clock = "clock";
}
