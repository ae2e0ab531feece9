using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>The validated, immutable copy of <see cref="GitCloneOptions"/> that the adapter's parts work from.</summary>
internal sealed class GitCloneSettings
{
    private readonly string? _commitUrl;

    /// <exception cref="InvalidOperationException">The options have mistakes; the message lists them with their fixes.</exception>
    public GitCloneSettings(GitCloneOptions options)
    {
        var problems = options.Validate();
        if (problems.Count > 0) throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
        Name = options.Name;
        Path = System.IO.Path.GetFullPath(options.Path);
        Repository = options.Repository.Trim('/').ToLowerInvariant();
        Branches = [.. options.Branches.Select(static b => new BranchPattern(b))];
        Writer = options.Writer;
        Fetch = options.Fetch;
        Remote = options.Remote;
        CandidateRefs = [.. options.CandidateRefs];
        MaxCandidates = options.MaxCandidates;
        Window = options.Window;
        EmitLandings = options.EmitLandings;
        CompareContent = options.CompareContent;
        _commitUrl = options.CommitUrl;
        PollInterval = options.PollInterval;
        Timeout = options.Timeout;
        Program = new GitProgram(options.GitExecutable, $"GitClone:{options.Name}:GitExecutable");
    }

    public string Name { get; }

    public string Path { get; }

    /// <summary>In lower case, as in keys.</summary>
    public string Repository { get; }

    /// <summary>In their order: a commit on several lines belongs to the first.</summary>
    public ImmutableArray<BranchPattern> Branches { get; }

    public Writer Writer { get; }

    public bool Fetch { get; }

    public string Remote { get; }

    public ImmutableArray<string> CandidateRefs { get; }

    public int MaxCandidates { get; }

    public int Window { get; }

    public bool EmitLandings { get; }

    public bool CompareContent { get; }

    public TimeSpan PollInterval { get; }

    public TimeSpan Timeout { get; }

    public GitProgram Program { get; }

    public Evidence? EvidenceOf(string sha) =>
        _commitUrl is not null && GitCloneRules.Address(_commitUrl, sha) is { } url ? new Evidence(url, $"commit {sha[..12]}") : null;
}
