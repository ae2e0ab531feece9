using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Lines;

namespace ClosedLoop.LoadRig.Coverage;

/// <summary>A line on which every commit is the landing of an item that waits for main CI.</summary>
internal static class WaitingLine
{
    public const string Repository = "acme/web";
    private static readonly Writer Scm = new(WriterRoles.SourceControl, "rig");
    private static readonly Writer Ci = new(WriterRoles.Ci, "rig");
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static string Sha(long number) => number.ToString("x40", CultureInfo.InvariantCulture);

    public static CommitNode Node(long number) => new(Repository, Sha(number), number == 0 ? [] : [Sha(number - 1)]);

    public static IReadOnlyList<Fact> Item(long number)
    {
        var at = Start.AddSeconds(number);
        var (item, change, commit) = (Key.Item($"BL-{number}"), Key.PullRequest(Repository, number), Key.Commit(Repository, Sha(number)));
        return
        [
            Fact(item, FactKinds.Item, Scm, at) with { Attributes = Attributes((FactAttributes.Title, $"Work {number}")) },
            Fact(change, Gates.PrOpened, Scm, at) with { Status = GateStatus.Passed, Revision = Sha(number + (1L << 40)), Links = [item], Attributes = Attributes((FactAttributes.Repository, Repository)) },
            Fact(change, Gates.Merged, Scm, at) with { Status = GateStatus.Passed },
            Fact(commit, FactKinds.Landing, Scm, at) with { Revision = Sha(number), Links = [change], Attributes = Attributes((FactAttributes.Branch, "main")) },
            Fact(Key.Review(Repository, number, "ann"), Gates.Reviewed, Scm, at) with { Status = GateStatus.Passed, Name = "ann", Links = [change] },
        ];
    }

    public static Fact Build(long number, DateTimeOffset at) => Fact(Key.Build($"https://ci.acme.example/job/web/{number}"), Gates.MainCi, Ci, at) with
    {
        Ordinal = new Ordinal(number),
        Status = GateStatus.Passed,
        Name = "web",
        Revision = Sha(number),
        Attributes = Attributes((FactAttributes.Repository, Repository)),
    };

    public static Submission Submission(IEnumerable<Fact> facts, IEnumerable<CommitNode> nodes) =>
        new() { Source = "rig", ReceivedAt = Start.AddDays(30), Facts = [.. facts], History = [.. nodes], Writers = [Scm, Ci] };

    public static DateTimeOffset BuiltAt(long number) => Start.AddSeconds(number).AddMinutes(10);

    private static Fact Fact(Key subject, string kind, Writer writer, DateTimeOffset at) => new() { Subject = subject, Kind = kind, Writer = writer, Ordinal = Ordinal.At(at), OccurredAt = at };

    private static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string Value)[] values) =>
        values.ToImmutableSortedDictionary(static v => v.Name, static v => v.Value, StringComparer.Ordinal);
}
