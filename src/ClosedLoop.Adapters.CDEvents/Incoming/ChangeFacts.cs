using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>Changes: opened, reviewed, merged, abandoned. Written as source control.</summary>
internal static class ChangeFacts
{
    private const int Created = 1, Abandoned = 2, Merged = 3;

    public static string? Add(CDEvent read, EventType type, SourceRule rule, Reading reading)
    {
        if (!rule.Is(WriterRoles.SourceControl)) return $"the source may not write as {WriterRoles.SourceControl}";
        string? repository = EventFacts.RepositoryOf(read, rule, read.Content.Text("repository", "id"), out string? refused);
        if (repository is null) return refused ?? "it names no repository; set the source's Repositories to the one that it is of";
        var writer = rule.As(WriterRoles.SourceControl);
        var change = ChangeOf(repository, read.SubjectId);
        string? commit = EventFacts.CommitOf(read, rule) ?? (change is null ? CommitId.Read(read.SubjectId) : null);
        if (change is null && commit is null) return $"{SourceText.Quote(read.SubjectId)} is neither a pull request's number nor a commit's id";
        string? branch = EventFacts.NameOf(read.Root.Text("customData", "branch")) ?? rule.Branch;
        var attributes = EventFacts.Attributes((FactAttributes.Repository, repository), (FactAttributes.Branch, branch));
        switch (type.Predicate)
        {
            case "created" or "updated" when change is { } key:
                string? item = EventFacts.NameOf(read.TextAt(rule.ItemPath.AsSpan()));
                // That it was opened never changes: the first event says when, whichever comes first.
                reading.Facts.Add(EventFacts.Of(read, key, Gates.PrOpened, writer, 0) with
                {
                    Ordinal = new Ordinal(0, 0, type.Predicate == "created" ? 2 : 1),
                    Status = GateStatus.Passed,
                    Links = item is not null && EventFacts.KeyOf(KeySchemes.Item, item) is { } tracked ? [tracked] : [],
                    Attributes = attributes,
                });
                // A change that is opened again takes back that it was abandoned; updates also come to closed ones.
                if (type.Predicate == "created") reading.Facts.Add(EventFacts.Of(read, key, Gates.Merged, writer, Created) with { Attributes = attributes });
                return null;
            case "reviewed" when change is { } key:
                reading.Facts.Add(Review(read, key, rule, writer, reading) with { Attributes = attributes });
                return null;
            case "abandoned" when change is { } key:
                reading.Facts.Add(EventFacts.Of(read, key, Gates.Merged, writer, Abandoned) with { Status = GateStatus.Failed, Reason = Reason.Abandoned, Detail = "closed without being merged", Attributes = attributes });
                return null;
            case "merged":
                if (change is { } pull) reading.Facts.Add(EventFacts.Of(read, pull, Gates.Merged, writer, Merged) with { Status = GateStatus.Passed, Revision = commit, Attributes = attributes });
                if (commit is null)
                {
                    reading.Diagnostics.Add($"{change}: merged, but {string.Join('.', rule.CommitPath)} names no commit; nothing after the merge can be tied to it");
                    return null;
                }
                AddLanding(read, change, repository, commit, rule, writer, reading);
                return null;
            default:
                return $"{read.Name} says nothing about a gate";
        }
    }

    private static void AddLanding(CDEvent read, Key? change, string repository, string commit, SourceRule rule, Writer writer, Reading reading)
    {
        var landing = Key.Commit(repository, commit);
        string? branch = EventFacts.NameOf(read.Root.Text("customData", "branch")) ?? rule.Branch;
        reading.Facts.Add(EventFacts.Of(read, landing, FactKinds.Landing, writer, 0) with
        {
            Status = GateStatus.Passed,
            Revision = commit,
            Links = change is { } pull ? [pull] : [],
            Attributes = EventFacts.Attributes((FactAttributes.Repository, repository), (FactAttributes.Branch, branch)),
        });
        if (rule.FollowChains && EventFacts.ChainOf(read) is { } chain)
            reading.Facts.Add(EventFacts.Of(read, chain, FactKinds.Link, writer, 0) with { Links = [landing] });
    }

    private static Fact Review(CDEvent read, Key change, SourceRule rule, Writer writer, Reading reading)
    {
        string? decision = read.Root.Text("customData", "decision") ?? read.Content.Text("decision");
        string? reviewer = EventFacts.NameOf(read.Root.Text("customData", "reviewer"))?.ToLowerInvariant();
        var subject = reviewer is null ? change : EventFacts.KeyOf(KeySchemes.Review, $"{change.Value}/{reviewer}") ?? change;
        string who = reviewer ?? "a reviewer";
        var (status, reason, detail) = decision switch
        {
            "approved" => (GateStatus.Passed, Reason.None, $"{who} approved"),
            "changes_requested" or "rejected" => (GateStatus.Failed, Reason.None, $"{who} requested changes"),
            "dismissed" => (GateStatus.Waiting, Reason.Inconclusive, $"the review by {who} was dismissed"),
            null when rule.ReviewMeansApproval => (GateStatus.Passed, Reason.None, $"{who} approved"),
            null => (GateStatus.Waiting, Reason.Inconclusive, $"{who} reviewed it; the event does not say with which result"),
            _ => (GateStatus.Waiting, Reason.Unrecognized, $"{who} reviewed it with a result that is not known"),
        };
        if (reason == Reason.Unrecognized) reading.Diagnostics.Add($"{change}: the decision {SourceText.Quote(decision!)} of a review is not known and counts as no evidence");
        return EventFacts.Of(read, subject, Gates.Reviewed, writer, status == GateStatus.Waiting ? 2 : 1) with
        {
            Status = status,
            Reason = reason,
            Name = reviewer,
            Detail = detail,
            Links = subject == change ? [] : [change],
        };
    }

    // 12, #12, !12, acme/web#12, refs/pull/12/head, …/pull/12, …/merge_requests/12
    private static Key? ChangeOf(string repository, string id)
    {
        if (id.Length > 300) return null;
        string text = id.Trim().TrimEnd('/');
        if (text.EndsWith("/head", StringComparison.Ordinal) || text.EndsWith("/merge", StringComparison.Ordinal)) text = text[..text.LastIndexOf('/')];
        int at = text.LastIndexOfAny(['#', '!', '/']);
        if (at > 0 && text[at] == '/')
        {
            string before = text[..at];
            if (!before.EndsWith("/pull", StringComparison.Ordinal) && !before.EndsWith("/pulls", StringComparison.Ordinal) && !before.EndsWith("/merge_requests", StringComparison.Ordinal)) return null;
        }
        return long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? Key.PullRequest(repository, number) : null;
    }
}
