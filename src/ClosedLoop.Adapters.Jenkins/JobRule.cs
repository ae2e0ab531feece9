namespace ClosedLoop.Adapters.Jenkins;

/// <summary>One configured job, checked and frozen.</summary>
/// <param name="Index">Its place in the options, for messages.</param>
/// <param name="Name">Its full name: the series of its builds.</param>
/// <param name="Repository">The repository that it builds, in lower case.</param>
/// <param name="Branch">The branch that counts, or null for any.</param>
/// <param name="IsPartial">Whether it is one of several jobs that make up the gate.</param>
internal sealed record JobRule(int Index, string Name, string Repository, string? Branch, bool IsPartial)
{
    /// <summary>Its path below Jenkins' root, without slashes at the ends.</summary>
    public string Address { get; } = JobName.Address(Name);

    /// <summary>Whether a branch that a build names is the one that counts; the name may be that of a remote-tracking branch.</summary>
    public bool IsBranch(string name)
    {
        if (Branch is null || name == Branch) return true;
        if (!name.EndsWith("/" + Branch, StringComparison.Ordinal)) return false;
        string prefix = name[..^(Branch.Length + 1)];
        if (prefix is "origin" or "refs/heads") return true;
        foreach (string remotes in (ReadOnlySpan<string>)["refs/remotes/", "remotes/"])
            if (prefix.StartsWith(remotes, StringComparison.Ordinal) && !prefix.AsSpan(remotes.Length).Contains('/'))
                return true;
        return false;
    }
}
