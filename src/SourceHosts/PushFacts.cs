using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>
/// Reads a push: what landed without a change, what its last commit says of others, and that the line has to be read. No host's push states
/// when it was pushed, so where the line stands now is what the look that it asks for says.
/// </summary>
internal static class PushFacts
{
    private const string Branches = "refs/heads/";
    private const int MaxItems = 100, MaxCommits = 2048, MaxPaths = 3000;

    /// <returns>The field that is missing, or null.</returns>
    public static string? Read(JsonElement payload, string repository, string? defaultBranch, HostSettings settings, Harvest harvest)
    {
        if (payload.Text("ref") is not { } reference) return "ref";
        if (!reference.StartsWith(Branches, StringComparison.Ordinal))
        {
            harvest.Nothing = "a pushed tag says nothing of a gate";
            return null;
        }
        if (payload.Text("after") is not { } after) return "after";
        if (after.Length > 0 && after.All(static c => c == '0'))
        {
            harvest.Nothing = "the branch was deleted; what is known of it stays as it was";
            return null;
        }
        if (!KeyText.IsCommit(after)) return "after";
        after = after.ToLowerInvariant();
        string branch = reference[Branches.Length..];
        if (KeyText.Branch(repository, branch) is not { } subject) return "ref";
        if (!settings.IsLine(branch, defaultBranch))
        {
            harvest.Nothing = $"a push to a branch that is not a line says nothing of a gate ({settings.System}:TargetBranches)";
            return null;
        }
        harvest.Hints.Add(subject);
        var commits = payload.Elements("commits").Take(MaxCommits).ToList();
        var head = commits.FirstOrDefault(c => string.Equals(c.Text("id"), after, StringComparison.OrdinalIgnoreCase));
        if (head.ValueKind != JsonValueKind.Object || head.Moment("timestamp") is not { } at) return null;
        // Of the others it is not said whether they are on the line by themselves or came in by a merge.
        LineCommitFacts.Add(new LineCommitSeen(after, [], head.Text("message"), at), repository, branch, branch == defaultBranch, settings, harvest);
        if (settings.TakesDirectLandings(branch, defaultBranch)) AddLanding(commits, head, repository, branch, after, at, settings, harvest);
        return null;
    }

    // What landed is the last commit: CI and deployments report on that one. It may also be the commit by which a change landed, whose own
    // landing must win, since it leads to the item through the change: hence the lowest ordinal there is.
    private static void AddLanding(List<JsonElement> commits, JsonElement head, string repository, string branch, string after, DateTimeOffset at, HostSettings settings, Harvest harvest)
    {
        if (settings.IsMergeMessage(head.Text("message") ?? "")) return;
        var items = ImmutableSortedSet.CreateBuilder<Key>();
        // A merge among the others is one that was there before and is brought back: its change says where that landed.
        foreach (var commit in commits)
            if (items.Count < MaxItems && !settings.IsMergeMessage(commit.Text("message") ?? "") && settings.FindItem(commit.Text("message")) is { } id && KeyText.Item(id) is { } item)
                items.Add(item);
        if (items.Count == 0) return;
        var landing = Key.Commit(repository, after);
        var attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add(FactAttributes.Repository, repository.ToLowerInvariant())
            .Add(FactAttributes.Branch, branch)
            .Add(FactAttributes.LandingKind, "direct");
        var fact = new Fact
        {
            Subject = landing,
            Kind = FactKinds.Landing,
            Writer = settings.SourceControl,
            Ordinal = new Ordinal(0, at.ToUnixTimeMilliseconds()),
            Status = GateStatus.Passed,
            OccurredAt = at,
            Revision = after,
            Evidence = Evidence.From(settings.CommitAddress(repository, after), after[..7]),
            Links = items.ToImmutable(),
            Attributes = attributes,
        };
        harvest.Facts.Add(commits.Count == 1 && Paths(head) is { } paths ? fact with { Attributes = ChangedPaths.Write(attributes, paths, paths.Count < MaxPaths) } : fact);
        // A commit on the branch needs no other proof that it is merged. Only the landing links it, so that a change can take it over.
        harvest.Facts.Add(fact with { Kind = Gates.Merged, Links = [], Detail = $"pushed straight to {branch}" });
        harvest.Hints.Add(landing);
    }

    private static List<string>? Paths(JsonElement commit)
    {
        var paths = new List<string>();
        foreach (string list in (ReadOnlySpan<string>)["added", "removed", "modified"])
        {
            if (commit.Member(list)?.ValueKind != JsonValueKind.Array) return null;
            foreach (var path in commit.Elements(list))
            {
                if (path.AsText() is not { } text) return null;
                paths.Add(text);
            }
        }
        return paths;
    }
}
