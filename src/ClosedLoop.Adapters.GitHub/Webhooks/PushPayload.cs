using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>
/// Reads <c>push</c>: where the branch stands now, what its commits say of others, and what landed without a pull request. It does not
/// state the commits' parents, so of a line the history is read soon after. Returns the field that is missing, or null.
/// </summary>
internal static class PushPayload
{
    /// <summary>The kind of the fact that a branch moved. No gate listens to it by default.</summary>
    public const string Kind = "push";

    private const string Branches = "refs/heads/";

    // GitHub lists no more commits of one push.
    private const int MaxCommits = 2048;

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
            // A head fact names a commit, and there is none. Nothing is taken back either: what was on the branch was on it, and a
            // release branch that has served its time is deleted every week.
            harvest.Nothing = "the branch was deleted; what is known of it stays as it was";
            return null;
        }
        if (!KeyText.IsCommit(after)) return "after";
        string branch = reference[Branches.Length..];
        // pushed_at is GitHub's own clock; a commit's time is whatever its author's machine said.
        var pushed = payload.Field("repository").Time("pushed_at");
        var authored = payload.Field("head_commit").Time("timestamp");
        if ((pushed ?? authored) is not { } at || KeyText.Branch(repository, branch) is not { } subject) return "repository.pushed_at";
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
                .Add(FactAttributes.Repository, repository.ToLowerInvariant())
                .Add(FactAttributes.Branch, branch),
        });
        string? defaultBranch = payload.Field("repository").Text("default_branch");
        if (settings.IsLine(branch, defaultBranch))
        {
            // Only GitHub's clock orders heads; without it the look that follows tells where the line stands.
            if (pushed is { } known && HeadFacts.OfPush(repository, branch, after, known, authored) is { } head) harvest.Facts.Add(head);
            AddCommits(payload, repository, branch, branch == defaultBranch, at, settings, harvest);
            harvest.Hints.Add(subject);
        }
        if (settings.TakesDirectLandings(branch, defaultBranch)) DirectLanding.Add(payload, repository, branch, after, at, settings, harvest);
        return null;
    }

    // Not those that were pushed to another branch before: whether they are on this line by themselves or came in by a merge is only
    // in its history.
    private static void AddCommits(JsonElement payload, string repository, string branch, bool onDefault, DateTimeOffset at, GitHubSettings settings, Harvest harvest)
    {
        foreach (var commit in payload.Items("commits").Take(MaxCommits))
        {
            if (commit.Flag("distinct") == false || commit.Text("id") is not { } id || !KeyText.IsCommit(id)) continue;
            LineCommitFacts.Add(
                new LineCommitSeen
                {
                    Repository = repository,
                    Commit = id.ToLowerInvariant(),
                    Branch = branch,
                    OnDefaultBranch = onDefault,
                    Message = commit.Text("message"),
                    At = commit.Field("committer").Time("date") ?? commit.Time("timestamp") ?? at,
                },
                settings,
                harvest);
        }
    }
}
