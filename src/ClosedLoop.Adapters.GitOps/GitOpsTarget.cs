namespace ClosedLoop.Adapters.GitOps;

/// <summary>One object that counts, and what the record calls it.</summary>
public sealed class GitOpsTarget
{
    /// <summary>The object's name. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its namespace. Null: any.</summary>
    public string? Namespace { get; set; }

    /// <summary>Its kind, such as <c>HelmRelease</c>. Null: any.</summary>
    public string? Kind { get; set; }

    /// <summary>Its environment. Null: <see cref="GitOpsOptions.Environment"/>.</summary>
    public string? Environment { get; set; }

    /// <summary>The target's name in the environment. Null: made of the object's name; see the package's README.</summary>
    public string? Target { get; set; }

    /// <summary>
    /// The repository, <c>owner/name</c>, whose commit the source's revision is. Set it only where the configuration lives in the repository whose changes are
    /// tracked: then a revision that is applied says that the manifests of that commit are. Null: revisions say nothing, only images do.
    /// </summary>
    public string? Repository { get; set; }
}
