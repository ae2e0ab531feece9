using System.Text.Json;
using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Actions;

/// <summary>What an action has to know of a pull request before it does anything.</summary>
internal sealed record PullRequestState
{
    public required string Id { get; init; }

    public required string State { get; init; }

    public required string Head { get; init; }

    public string? MergeCommit { get; init; }

    public bool HasAutoMerge { get; init; }

    public bool IsQueued { get; init; }

    public long? QueuePosition { get; init; }

    /// <summary>The pull request that reverts it already, or null.</summary>
    public long? Revert { get; init; }

    public bool IsMerged => State == "MERGED";

    public static PullRequestState? Read(JsonElement repository, string name, long number)
    {
        var pull = repository.Field("pullRequest");
        if (pull.Text("id") is not { } id || pull.Text("state") is not { } state || pull.Text("headRefOid") is not { } head) return null;
        string? commit = pull.Field("mergeCommit").Text("oid");
        var entry = pull.Field("mergeQueueEntry");
        return new PullRequestState
        {
            Id = id,
            State = state,
            Head = head.ToLowerInvariant(),
            MergeCommit = KeyText.IsCommit(commit) ? commit!.ToLowerInvariant() : null,
            HasAutoMerge = pull.Field("autoMergeRequest").IsObject(),
            IsQueued = entry.IsObject(),
            QueuePosition = entry.Long("position"),
            Revert = FindRevert(repository, name, number),
        };
    }

    // A revert is known by what GitHub's button calls its branch or writes into its description; one from a fork is somebody's claim.
    private static long? FindRevert(JsonElement repository, string name, long number)
    {
        var change = Key.PullRequest(name, number);
        string branch = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"revert-{number}-");
        foreach (string list in (string[])["open", "merged"])
        {
            foreach (var candidate in repository.Field(list).Items("nodes"))
            {
                if (candidate.Long("number") is not { } found || found == number || candidate.Flag("isCrossRepository") != false) continue;
                if (candidate.Text("headRefName")?.StartsWith(branch, StringComparison.Ordinal) == true || RevertLine.Find(candidate.Text("body"), name, found).Contains(change)) return found;
            }
        }
        return null;
    }
}
