using System.Text.Json;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>The pull requests that a repository's lines named as changed last, newest first.</summary>
internal sealed record ChangedPullRequests(IReadOnlyList<(long Number, DateTimeOffset At)> Updated, bool HasMore, DateTimeOffset Oldest)
{
    public static ChangedPullRequests Read(JsonElement connection)
    {
        var updated = new List<(long Number, DateTimeOffset At)>();
        bool hasMore = connection.Field("pageInfo").Flag("hasNextPage") != false, isUnclear = false;
        foreach (var pull in connection.Items("nodes"))
        {
            if (pull.Long("number") is { } number and > 0 and <= int.MaxValue && pull.Time("updatedAt") is { } at) updated.Add((number, at));
            // One that cannot be read may be any: the list is asked.
            else isUnclear = true;
        }
        return new ChangedPullRequests(updated, hasMore || isUnclear, isUnclear || updated.Count == 0 ? DateTimeOffset.MaxValue : updated.Min(static u => u.At));
    }
}
