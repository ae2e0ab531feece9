using System.Text.Json;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>Reads the parts of one host's API. What cannot be read is noted in its session.</summary>
internal interface IHostReader
{
    /// <summary>The repository's default branch; null when it could not be read.</summary>
    Task<string?> DefaultBranchAsync(string repository, CancellationToken cancellationToken);

    /// <summary>A branch's newest commit and as of when; null when it is not there.</summary>
    Task<(string Sha, DateTimeOffset? AsOf)?> HeadAsync(string repository, string branch, CancellationToken cancellationToken);

    /// <summary>A page of history from a branch or commit on, newest first, with or without what was merged in.</summary>
    Task<IReadOnlyList<LineCommitSeen>> HistoryAsync(string repository, string reference, int count, CancellationToken cancellationToken);

    /// <summary>The changes that changed since an instant; null when not all could be listed.</summary>
    Task<IReadOnlyList<(long Number, DateTimeOffset UpdatedAt, JsonElement Listed)>?> ChangedAsync(string repository, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Reads a change, of which a list may have shown the most already.</summary>
    Task ReadChangeAsync(string repository, long number, JsonElement? listed, CancellationToken cancellationToken);

    /// <summary>Reads CI of a commit.</summary>
    Task ReadCommitAsync(string repository, string sha, string? defaultBranch, CancellationToken cancellationToken);

    /// <summary>Reads what else changed in a repository since an instant.</summary>
    Task ReadRepositoryAsync(string repository, IReadOnlyCollection<string> lines, string? defaultBranch, DateTimeOffset since, CancellationToken cancellationToken);
}
