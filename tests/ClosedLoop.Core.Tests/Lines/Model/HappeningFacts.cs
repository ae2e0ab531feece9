using System.Collections.Immutable;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using static ClosedLoop.Core.Tests.Lines.Model.Happening;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>How sources report what happened: facts, and commits with their parents.</summary>
internal static class HappeningFacts
{
    public static (ImmutableArray<Fact> Facts, ImmutableArray<CommitNode> Nodes) Report(Happening happening) => happening switch
    {
        Committed h => ([], [new CommitNode(Repository(h.Commit), Sha(h.Commit), [.. h.Parents.Select(Sha)])]),
        Opened h => ([Fact(h, Given.Host, h.Item, FactKinds.Item)], []),
        Proposed h => ([Fact(h, Given.Scm, h.Pr, Gates.PrOpened, GateStatus.Passed) with { Links = h.Item is { } item ? [item] : [] }], []),
        Merged h => ([Fact(h, Given.Scm, h.Change, Gates.Merged, GateStatus.Passed) with { Revision = Sha(h.Commit) }], []),
        Landed h => ([Landing(h)], []),
        Reverted h => ([Fact(h, Given.Scm, h.By, FactKinds.Revert, GateStatus.Passed) with
        {
            Attributes = Attributes((FactAttributes.Reverts, Join(h.Targets)), (FactAttributes.How, h.Lost ? "lost" : h.By.Is(KeySchemes.Commit) ? "trailer" : "pull-request")),
        }], []),
        Repeated h => ([Fact(h, Given.Scm, h.Commit, FactKinds.Equivalent, GateStatus.Passed) with
        {
            Revision = Sha(h.Commit),
            Attributes = Attributes((FactAttributes.EquivalentTo, Join(h.Targets)), (FactAttributes.How, "patch"), (FactAttributes.Branch, h.Branch), (FactAttributes.Repository, Repository(h.Commit))),
        }], []),
        Pushed h => ([Fact(h, Given.Scm, Key.Branch(h.Repository, h.Branch), FactKinds.Head, GateStatus.Passed) with { Revision = Sha(h.Head), Attributes = In(h.Repository) }], []),
        Ran h => ([About(Fact(h, h.Writer, h.Run, h.Gate, h.Status) with { Ordinal = h.Ordinal, Reason = h.Reason, Name = h.Name }, h.Commit is { } c ? [c] : [], h.By is { } by ? [by] : [])], []),
        Assembled h => ([Fact(h, Given.Registry, h.Platform, FactKinds.Link) with { Links = [h.Index] }], []),
        Deployed h => ([About(Fact(h, Given.Deployer, h.Subject, Gates.RolledOut, h.Status) with { Ordinal = h.Ordinal, Name = h.Target, Environment = h.Environment }, h.Commits, h.By)], []),
        Checked h => ([About(Fact(h, Given.Health, h.Subject, Gates.Healthy, h.Status) with { Ordinal = h.Ordinal, Reason = h.Reason, Name = h.Target, Environment = h.Environment }, [h.Commit], h.By is { } by ? [by] : [])], []),
        Judged h => ([Fact(h, Given.Host, h.Version, FactKinds.Veto, h.Bad ? GateStatus.Failed : GateStatus.Passed)], []),
        Began h => ([Fact(h, Given.Host, h.Branch is { } branch ? Key.Branch(Repository(h.Commit), branch) : Key.Environment($"{h.Environment}@{Repository(h.Commit)}"), FactKinds.Baseline) with
        {
            Revision = Sha(h.Commit),
            Attributes = In(Repository(h.Commit)),
        }], []),
        _ => throw new ArgumentException($"{happening} is reported by nobody"),
    };

    private static Fact Landing(Landed landed)
    {
        var attributes = In(Repository(landed.Commit)).Add(FactAttributes.Branch, landed.Branch);
        return Fact(landed, Given.Scm, landed.Commit, FactKinds.Landing, GateStatus.Passed) with
        {
            Revision = Sha(landed.Commit),
            Links = landed.Pr is { } pr ? [pr] : landed.Item is { } item ? [item] : [],
            Attributes = landed.Paths is { } paths ? ChangedPaths.Write(attributes, paths) : attributes,
        };
    }

    // By its revision when the source says it, else by links from which the commit is found. A digest is a revision too, and no commit.
    private static Fact About(Fact fact, Key[] commits, Key[] by) =>
        by.Length > 0 ? fact with { Links = [.. by], Revision = by[0].Is(KeySchemes.Image) ? by[0].Value : null }
        : commits.Length == 1 ? fact with { Revision = Sha(commits[0]), Attributes = In(Repository(commits[0])) }
        : fact with { Links = [.. commits] };

    private static Fact Fact(Happening happening, Writer writer, Key subject, string kind, GateStatus status = GateStatus.Waiting) => new()
    {
        Subject = subject,
        Kind = kind,
        Writer = writer,
        Ordinal = Ordinal.At(happening.At),
        Status = status,
        OccurredAt = happening.At,
    };

    private static ImmutableSortedDictionary<string, string> In(string repository) => Attributes((FactAttributes.Repository, repository));

    private static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string Value)[] values) =>
        values.ToImmutableSortedDictionary(static v => v.Name, static v => v.Value, StringComparer.Ordinal);

    private static string Join(Key[] keys) => string.Join(' ', keys);

    private static string Repository(Key key) => key.Value.Split('@', '#')[0];

    private static string Sha(Key commit) => commit.Value.Split('@')[1];
}
