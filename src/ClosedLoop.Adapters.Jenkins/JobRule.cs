namespace ClosedLoop.Adapters.Jenkins;

/// <summary>One job that counts, checked and frozen: a configured one, or one that a configured multibranch project made for a branch.</summary>
/// <param name="Index">Its place in the options, for messages.</param>
/// <param name="Name">Its full name: the series of its builds.</param>
/// <param name="Repository">The repository that it builds, in lower case.</param>
/// <param name="Branch">The branch that counts, or null for any.</param>
/// <param name="IsPartial">Whether it is one of several jobs that make up the gate.</param>
internal sealed record JobRule(int Index, string Name, string Repository, string? Branch, bool IsPartial)
{
    /// <summary>Its path below Jenkins' root, without slashes at the ends.</summary>
    public string Address { get; } = JobName.Address(Name);

    /// <summary>The gate that its builds speak of.</summary>
    public string Gate { get; init; } = Gates.MainCi;

    /// <summary>The pull request that it builds, or null.</summary>
    public long? PullRequest { get; init; }

    /// <summary>
    /// Whether it is a branch's job of a multibranch project. It builds that branch, whatever its checkout calls it, and is deleted some time
    /// after the branch.
    /// </summary>
    public bool IsOfProject { get; init; }

    /// <summary>Whether a branch that a build names is the one that counts; the name may be that of a remote-tracking branch.</summary>
    public bool IsBranch(string name)
    {
        if (Branch is null || IsOfProject || name == Branch) return true;
        if (!name.EndsWith("/" + Branch, StringComparison.Ordinal)) return false;
        string prefix = name[..^(Branch.Length + 1)];
        if (prefix is "origin" or "refs/heads") return true;
        foreach (string remotes in (ReadOnlySpan<string>)["refs/remotes/", "remotes/"])
            if (prefix.StartsWith(remotes, StringComparison.Ordinal) && !prefix.AsSpan(remotes.Length).Contains('/'))
                return true;
        return false;
    }
}
