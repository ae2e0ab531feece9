namespace ClosedLoop.Facts;

/// <summary>The schemes of the keys that ClosedLoop itself understands. Adapters may add their own.</summary>
public static class KeySchemes
{
    /// <summary>A tracked work item.</summary>
    public const string Item = "item";

    /// <summary>A pull or merge request: a change of an item.</summary>
    public const string PullRequest = "pr";

    /// <summary>One reviewer's review of a pull request.</summary>
    public const string Review = "review";

    /// <summary>A commit of a repository; the landing of a change is one.</summary>
    public const string Commit = "commit";

    /// <summary>A branch of a repository.</summary>
    public const string Branch = "branch";

    /// <summary>A named check of a commit.</summary>
    public const string Check = "check";

    /// <summary>A build of a CI system.</summary>
    public const string Build = "build";

    /// <summary>A container image, by digest.</summary>
    public const string Image = "image";

    /// <summary>A deployment of an image or commit to an environment.</summary>
    public const string Deployment = "deployment";

    /// <summary>An environment, or a target in one.</summary>
    public const string Environment = "environment";
}
