using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>
/// Reads a line's commits out of a page of history. GitHub lists a commit's ancestors by time, those of merged branches among them; only
/// the line's own, along first parents, are taken, as far as the page goes without a hole.
/// </summary>
internal static class GraphQlHistory
{
    /// <param name="gap">The line.</param>
    /// <param name="onDefaultBranch">Whether it is the repository's default branch.</param>
    /// <param name="from">The commit to begin with.</param>
    /// <param name="commit">The object that holds the page.</param>
    /// <param name="settings">Where commits are shown.</param>
    /// <param name="harvest">Gets commits and facts.</param>
    /// <returns>How many commits of the line the page showed.</returns>
    public static int Read(LineGap gap, bool onDefaultBranch, string from, JsonElement commit, GitHubSettings settings, Harvest harvest)
    {
        var page = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var node in commit.Field("history").Items("nodes"))
            if (node.Text("oid") is { } oid)
                page.TryAdd(oid, node);
        int count = 0;
        // Each is taken once, so that an answer in which commits are their own ancestors has an end too.
        for (string? next = from; next is not null && page.Remove(next, out var node); count++)
        {
            if (Parents(node) is not { } parents || node.Time("committedDate") is not { } at) return count;
            harvest.History.Add(new CommitNode(gap.Repository, next, parents) { CommittedAt = at });
            LineCommitFacts.Add(
                new LineCommitSeen { Repository = gap.Repository, Commit = next, Branch = gap.Branch.Length == 0 ? null : gap.Branch, OnDefaultBranch = onDefaultBranch, Message = node.Text("message"), At = at },
                settings,
                harvest);
            next = parents.IsEmpty ? null : parents[0];
        }
        return count;
    }

    // Half a list of parents would be another commit, and none at all a first commit.
    private static ImmutableArray<string>? Parents(JsonElement node)
    {
        var parents = node.Field("parents");
        if (parents.Field("nodes").ValueKind != JsonValueKind.Array) return null;
        var ids = ImmutableArray.CreateBuilder<string>();
        foreach (var parent in parents.Items("nodes"))
        {
            if (parent.Text("oid") is not { } oid || !KeyText.IsCommit(oid)) return null;
            ids.Add(oid.ToLowerInvariant());
        }
        return parents.Long("totalCount") is { } total && total != ids.Count ? null : ids.ToImmutable();
    }
}
