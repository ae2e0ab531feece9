using System.Collections.Immutable;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>The facts of a merge or pull request: that it is open, whether it merged, and where it landed.</summary>
internal static class ChangeFacts
{
    public static void Add(ChangeSeen seen, HostSettings settings, Harvest harvest)
    {
        var subject = Key.PullRequest(seen.Repository, seen.Number);
        bool known = seen.State != ChangeState.Unknown;
        if (!known) harvest.Diagnostics.Add($"{subject}: the state {SourceText.Quote(seen.Word)} is not known to this version and counts as no evidence");
        bool merged = seen.State == ChangeState.Merged, closed = seen.State == ChangeState.Closed;
        bool draft = seen.IsDraft && !merged && !closed;
        // Times have whole seconds. Of two states in one second that one is the later from which nothing follows.
        var ordinal = Ordinal.At(seen.UpdatedAt, draft ? 0 : Math.Max(1, (int)seen.State));
        bool target = settings.IsTarget(seen.BaseBranch);
        var opened = new Fact
        {
            Subject = subject,
            Kind = Gates.PrOpened,
            Writer = settings.SourceControl,
            Ordinal = ordinal,
            Status = !known ? GateStatus.Waiting : draft ? GateStatus.Running : GateStatus.Passed,
            Reason = !known ? Reason.Unrecognized : draft ? Reason.Draft : Reason.None,
            OccurredAt = seen.CreatedAt,
            Revision = seen.Head,
            Evidence = Evidence.From(seen.Url, $"#{seen.Number}"),
            Links = Links(seen, settings, harvest),
            Attributes = Attributes(seen.Title, seen),
        };
        harvest.Facts.Add(opened);
        AddRevert(opened, seen, settings, harvest);

        // An open change has a fact of its own here, so that reopening takes back what closing said.
        var fact = opened with
        {
            Kind = Gates.Merged,
            Status = GateStatus.Waiting,
            Reason = known ? Reason.None : Reason.Unrecognized,
            Revision = null,
            Links = [],
            Attributes = Attributes(null, seen),
        };
        var mergedAt = seen.MergedAt ?? seen.UpdatedAt;
        if (closed) fact = fact with { Status = GateStatus.Failed, Reason = Reason.Abandoned, OccurredAt = seen.ClosedAt ?? seen.UpdatedAt, Detail = "closed without being merged" };
        else if (merged && !target)
            fact = fact with { Reason = Reason.Inconclusive, OccurredAt = mergedAt, Ordinal = seen.MergedOrdinal ?? ordinal, Detail = $"merged into {seen.BaseBranch}, which is not a target branch" };
        else if (merged) fact = fact with { Status = GateStatus.Passed, Reason = Reason.None, OccurredAt = mergedAt, Ordinal = seen.MergedOrdinal ?? ordinal, Revision = seen.Landing };
        harvest.Facts.Add(fact);

        if (!merged || !target) return;
        if (seen.Landing is not { } landing)
        {
            harvest.Diagnostics.Add($"{subject}: merged, but where it landed is not said here; nothing after the merge can be tied to it until the API tells ({settings.System}:Token)");
            return;
        }
        harvest.Facts.Add(new Fact
        {
            Subject = Key.Commit(seen.Repository, landing),
            Kind = FactKinds.Landing,
            Writer = settings.SourceControl,
            Ordinal = seen.LandingOrdinal ?? Ordinal.At(mergedAt),
            Status = GateStatus.Passed,
            OccurredAt = mergedAt,
            Revision = landing,
            Evidence = opened.Evidence,
            Links = [subject],
            Attributes = Attributes(null, seen),
        });
    }

    // A description can be edited: what it said once is taken back by a fact that names nothing.
    private static void AddRevert(Fact opened, ChangeSeen seen, HostSettings settings, Harvest harvest)
    {
        if (!seen.MentionedReverts && !Mentions(seen.Title) && !Mentions(seen.Body)) return;
        List<Key> keys = [.. settings.RevertedChanges(seen.Body, seen.Repository).Where(k => k != opened.Subject), .. CommitMessage.RevertsInDescription(seen.Body).Select(id => Key.Commit(seen.Repository, id))];
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

    public static bool Mentions(string? text) => text is not null && text.Contains("revert", StringComparison.OrdinalIgnoreCase);

    private static ImmutableSortedSet<Key> Links(ChangeSeen seen, HostSettings settings, Harvest harvest)
    {
        var links = ImmutableSortedSet.CreateBuilder<Key>();
        if (seen.HeadRepository is { } repository && KeyText.Branch(repository, seen.HeadBranch) is { } branch) links.Add(branch);
        if (settings.FindItem(seen.Body, seen.HeadBranch, seen.Labels) is { } id)
        {
            if (KeyText.Item(id) is { } item) links.Add(item);
            else harvest.Diagnostics.Add($"{Key.PullRequest(seen.Repository, seen.Number)}: names a work item by an id that cannot be one (too long, or not plain text)");
        }
        return links.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> Attributes(string? title, ChangeSeen seen)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!string.IsNullOrWhiteSpace(title)) attributes[FactAttributes.Title] = title;
        attributes[FactAttributes.Repository] = seen.Repository.ToLowerInvariant();
        attributes[FactAttributes.Branch] = seen.BaseBranch;
        return attributes.ToImmutable();
    }
}
