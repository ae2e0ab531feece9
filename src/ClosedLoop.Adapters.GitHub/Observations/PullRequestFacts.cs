using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>The facts of a pull request: that it is open, whether it merged, and where it landed.</summary>
internal static class PullRequestFacts
{
    // updated_at has a resolution of one second, and anything bumps it. Two states with one updated_at are ordered by what can still
    // follow: nothing follows a merge; a closed pull request is mostly closed for good, and one that was reopened within the second
    // says so with its next update (a wrong "abandoned" claims nothing); a draft becomes ready more often than the reverse. Within
    // one state more commits are newer: an agent that opens and pushes within a second would else keep the first head.
    private const int Step = 1_000_000;
    private const int Draft = 0, Open = 1, Closed = 2, Merged = 3;

    public static void Add(PullRequestSeen seen, GitHubSettings settings, Harvest harvest)
    {
        var subject = Key.PullRequest(seen.Repository, seen.Number);
        bool known = seen.State is "open" or "closed" or "merged";
        if (!known) harvest.Diagnostics.Add($"{subject}: the state '{seen.State}' is not known to this version and counts as no evidence");
        bool merged = seen.MergedAt is not null;
        bool closed = !merged && seen.State == "closed";
        bool draft = seen.IsDraft && !merged && !closed;
        int state = merged ? Merged : closed ? Closed : draft ? Draft : Open;
        var ordinal = Ordinal.At(seen.UpdatedAt, (state * Step) + (int)Math.Clamp(seen.Commits, 0, Step - 1));
        var evidence = Evidence.From(seen.Url, $"#{seen.Number}");
        string repository = seen.Repository.ToLowerInvariant();
        bool target = settings.IsTarget(seen.BaseBranch);

        var opened = new Fact
        {
            Subject = subject,
            Kind = Gates.PrOpened,
            Writer = GitHubWriters.SourceControl,
            Ordinal = ordinal,
            Status = draft ? GateStatus.Running : GateStatus.Passed,
            Reason = draft ? Reason.Draft : Reason.None,
            OccurredAt = seen.CreatedAt,
            Revision = seen.Head,
            Evidence = evidence,
            Links = Links(seen, settings, harvest),
            Attributes = Attributes(seen.Title, repository, seen.BaseBranch),
        };
        harvest.Facts.Add(opened);
        AddRevert(opened, seen, harvest);

        // An open pull request has a fact of its own here, so that reopening it takes back what closing it said.
        var fact = opened with
        {
            Kind = Gates.Merged,
            Status = GateStatus.Waiting,
            Reason = known ? Reason.None : Reason.Unrecognized,
            Revision = null,
            Links = [],
            Attributes = Attributes(null, repository, seen.BaseBranch),
        };
        if (closed) fact = fact with { Status = GateStatus.Failed, Reason = Reason.Abandoned, OccurredAt = seen.ClosedAt ?? seen.UpdatedAt, Detail = "closed without being merged" };
        else if (merged && !target)
            fact = fact with { Reason = Reason.Inconclusive, OccurredAt = seen.MergedAt!.Value, Detail = $"merged into {seen.BaseBranch}, which is not a target branch" };
        else if (merged) fact = fact with { Status = GateStatus.Passed, Reason = Reason.None, OccurredAt = seen.MergedAt!.Value, Revision = seen.MergeCommit };
        harvest.Facts.Add(fact);

        if (!merged || !target) return;
        if (seen.MergeCommit is not { } landing)
        {
            harvest.Diagnostics.Add($"{subject}: merged, but its merge commit was not given; nothing after the merge can be tied to it yet");
            return;
        }
        harvest.Facts.Add(new Fact
        {
            Subject = Key.Commit(seen.Repository, landing),
            Kind = FactKinds.Landing,
            Writer = GitHubWriters.SourceControl,
            Ordinal = Ordinal.At(seen.MergedAt!.Value),
            Status = GateStatus.Passed,
            OccurredAt = seen.MergedAt.Value,
            Revision = landing,
            Evidence = evidence,
            Links = [subject],
            Attributes = Attributes(null, repository, seen.BaseBranch),
        });
    }

    // The body can be edited: what it said once is taken back by a fact that names nothing, which only a pull request that speaks of
    // reverting needs.
    private static void AddRevert(Fact opened, PullRequestSeen seen, Harvest harvest)
    {
        if (!seen.MentionedReverts && !RevertLine.Mentions(seen.Title) && !RevertLine.Mentions(seen.Body)) return;
        List<Key> keys = [.. RevertLine.Find(seen.Body, seen.Repository, seen.Number), .. CommitMessage.RevertsInDescription(seen.Body).Select(id => Key.Commit(seen.Repository, id))];
        var attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, seen.Repository.ToLowerInvariant());
        if (keys.Count > 0)
        {
            attributes = attributes.Add(FactAttributes.Reverts, KeyText.List(keys, out int left)).Add(FactAttributes.How, "pull-request");
            if (left > 0) harvest.Diagnostics.Add($"{opened.Subject}: says that it reverts {keys.Count} changes; the last {left} of them are not read");
        }
        harvest.Facts.Add(opened with
        {
            Kind = FactKinds.Revert,
            Status = keys.Count > 0 ? GateStatus.Passed : GateStatus.Waiting,
            Reason = Reason.None,
            Revision = null,
            Links = [],
            Attributes = attributes,
        });
    }

    private static ImmutableSortedSet<Key> Links(PullRequestSeen seen, GitHubSettings settings, Harvest harvest)
    {
        var links = ImmutableSortedSet.CreateBuilder<Key>();
        if (KeyText.Branch(seen.HeadRepository ?? seen.Repository, seen.HeadBranch) is { } branch) links.Add(branch);
        if (settings.FindItem(seen.Body, seen.HeadBranch, seen.Labels) is { } id)
        {
            if (KeyText.Item(id) is { } item) links.Add(item);
            else harvest.Diagnostics.Add($"{Key.PullRequest(seen.Repository, seen.Number)}: names a work item by an id that cannot be one (too long, or not plain text)");
        }
        return links.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> Attributes(string? title, string repository, string branch)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!string.IsNullOrWhiteSpace(title)) attributes[FactAttributes.Title] = title;
        attributes[FactAttributes.Repository] = repository;
        attributes[FactAttributes.Branch] = branch;
        return attributes.ToImmutable();
    }
}
