using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>The landing of what was pushed straight to a line, of the items that its commits name.</summary>
/// <remarks>
/// What landed is the push's last commit: CI, images and deployments report on that one and never on those before it. It is also the
/// commit by which a merged pull request lands, whose own landing must win, since it leads to the item through the pull request: hence
/// the lowest ordinal there is.
/// </remarks>
internal static class DirectLanding
{
    private const int MaxItems = 100;

    // GitHub lists no more paths of one commit.
    private const int MaxPaths = 3000;

    public static void Add(JsonElement payload, string repository, string branch, string after, DateTimeOffset at, GitHubSettings settings, Harvest harvest)
    {
        if (IsMergeByGitHub(payload.Field("head_commit"))) return;
        var items = ImmutableSortedSet.CreateBuilder<Key>();
        foreach (var commit in payload.Items("commits"))
        {
            // Not distinct: it was pushed to another branch before, as a pull request's commits were.
            if (commit.Flag("distinct") == false || items.Count >= MaxItems) continue;
            if (settings.FindItem(commit.Text("message")) is { } id && KeyText.Item(id) is { } item) items.Add(item);
        }
        if (items.Count == 0) return;
        var landing = Key.Commit(repository, after);
        var attributes = ImmutableSortedDictionary<string, string>.Empty
            .Add(FactAttributes.Repository, repository.ToLowerInvariant())
            .Add(FactAttributes.Branch, branch)
            .Add(FactAttributes.LandingKind, "direct");
        var fact = new Fact
        {
            Subject = landing,
            Kind = FactKinds.Landing,
            Writer = GitHubWriters.SourceControl,
            Ordinal = new Ordinal(0, at.ToUnixTimeMilliseconds()),
            Status = GateStatus.Passed,
            OccurredAt = at,
            Revision = after,
            Evidence = Evidence.From(payload.Field("head_commit").Text("url"), after[..7]),
            Links = items.ToImmutable(),
            Attributes = attributes,
        };
        harvest.Facts.Add(Paths(payload, after) is { } paths ? fact with { Attributes = ChangedPaths.Write(attributes, paths, paths.Count < MaxPaths) } : fact);
        // A commit on the branch needs no other proof that it is merged. Only the landing links it, so that a pull request can take it over.
        harvest.Facts.Add(fact with { Kind = Gates.Merged, Links = [], Detail = $"pushed straight to {branch}" });
        harvest.Hints.Add(landing);
    }

    // Of several commits each lists its own paths, and a list of commits can be cut. Of one, all are there, or none is taken.
    private static List<string>? Paths(JsonElement payload, string after)
    {
        if (payload.Items("commits").Take(2).ToList() is not [var commit] || !string.Equals(commit.Text("id"), after, StringComparison.OrdinalIgnoreCase)) return null;
        var paths = new List<string>();
        foreach (string list in (ReadOnlySpan<string>)["added", "removed", "modified"])
        {
            if (commit.Field(list).ValueKind != JsonValueKind.Array) return null;
            foreach (var path in commit.Items(list))
            {
                if (path.ValueKind != JsonValueKind.String) return null;
                paths.Add(path.GetString()!);
            }
        }
        return paths;
    }

    // A squashed pull request's message holds its description, trailer included. Its own events say where it landed.
    private static bool IsMergeByGitHub(JsonElement head)
    {
        if (head.Field("committer").Text("username") != "web-flow" || head.Text("message") is not { } message) return false;
        var title = message.AsSpan();
        title = (title.IndexOf('\n') is >= 0 and var end ? title[..end] : title).TrimEnd();
        if (title.StartsWith("Merge pull request #", StringComparison.Ordinal)) return true;
        int mark = title.LastIndexOf("(#", StringComparison.Ordinal);
        return mark >= 0 && title.EndsWith(")", StringComparison.Ordinal) && title[(mark + 2)..^1] is { Length: > 0 } number && !number.ContainsAnyExceptInRange('0', '9');
    }
}
