using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>Reads <c>push</c>. Returns the field that is missing, or null.</summary>
internal static class PushPayload
{
    /// <summary>The kind of the fact that a branch moved. No gate listens to it by default.</summary>
    public const string Kind = "push";

    private const string Branches = "refs/heads/";
    private const int MaxItems = 100;

    public static string? Read(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        if (payload.Text("ref") is not { } reference) return "ref";
        if (payload.Text("after") is not { } after) return "after";
        if (!reference.StartsWith(Branches, StringComparison.Ordinal))
        {
            harvest.Nothing = "a pushed tag says nothing of a gate";
            return null;
        }
        if (payload.Flag("deleted") == true)
        {
            harvest.Nothing = "the branch was deleted";
            return null;
        }
        if (!KeyText.IsCommit(after)) return "after";
        string branch = reference[Branches.Length..];
        var head = payload.Field("head_commit");
        // pushed_at is GitHub's own clock; a commit's time is whatever its author's machine said.
        var authored = head.Time("timestamp");
        var pushed = payload.Field("repository").Time("pushed_at") ?? authored;
        if (pushed is not { } at || KeyText.Branch(repository, branch) is not { } subject) return "repository.pushed_at";
        string lower = repository.ToLowerInvariant();
        after = after.ToLowerInvariant();
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Kind,
            Writer = GitHubWriters.SourceControl,
            Ordinal = Ordinal.At(at, minor: authored?.ToUnixTimeMilliseconds() ?? 0),
            Status = GateStatus.Passed,
            OccurredAt = at,
            Revision = after,
            Evidence = Evidence.From(payload.Text("compare"), branch),
            Attributes = ImmutableSortedDictionary<string, string>.Empty
                .Add("before", payload.Text("before") is { } before && KeyText.IsCommit(before) ? before : "none")
                .Add("forced", payload.Flag("forced") == true ? "true" : "false")
                .Add(FactAttributes.Repository, lower)
                .Add(FactAttributes.Branch, branch),
        });
        if (settings.TakesDirectLandings(branch, payload.Field("repository").Text("default_branch"))) AddDirectLanding(payload, repository, branch, after, at, settings, harvest);
        return null;
    }

    // What landed is the push's last commit: CI, images and deployments report on that one and never on those before it. It is also
    // the commit by which a merged pull request lands, whose own landing must win, since it leads to the item through the pull
    // request: hence the lowest ordinal there is.
    private static void AddDirectLanding(JsonElement payload, string repository, string branch, string after, DateTimeOffset at, GitHubSettings settings, Harvest harvest)
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
            Attributes = ImmutableSortedDictionary<string, string>.Empty
                .Add(FactAttributes.Repository, repository.ToLowerInvariant())
                .Add(FactAttributes.Branch, branch)
                .Add(FactAttributes.LandingKind, "direct"),
        };
        harvest.Facts.Add(fact);
        // A commit on the branch needs no other proof that it is merged. Only the landing links it, so that a pull request can take it over.
        harvest.Facts.Add(fact with { Kind = Gates.Merged, Links = [], Detail = $"pushed straight to {branch}" });
        harvest.Hints.Add(landing);
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
