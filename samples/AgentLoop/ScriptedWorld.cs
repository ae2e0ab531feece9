using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Samples.AgentLoop;

/// <summary>
/// What happens to the change meanwhile, told by those who know: the source host and the CI system. In production their adapters bring
/// this, by webhook or by poll (AddGitHub, AddJenkins).
/// </summary>
internal sealed class ScriptedWorld(IClosedLoop loop, TimeProvider time)
{
    public const int Rounds = 4;

    private static readonly Key Change = Key.PullRequest("acme/web", 12);
    private static readonly string First = new('1', 40);
    private static readonly string Fix = new('2', 40);

    private readonly IClosedLoop _github = loop.As(new Writer(WriterRoles.SourceControl, "github"));
    private readonly IClosedLoop _jenkins = loop.As(new Writer(WriterRoles.Ci, "jenkins"));
    private long _now;

    public async Task<string> GoOnAsync(string item, int round)
    {
        switch (round)
        {
            case 1:
                await SayAsync(_github, Change, Gates.Reviewed, GateStatus.Passed, "kim approved");
                return $"kim approves {item}'s pull request";
            case 2:
                await LandAsync(First);
                return "the pull request is merged";
            case 3:
                await BuildAsync(311, First, GateStatus.Failed);
                return "CI of main builds it, and is red";
            default:
                await LandAsync(Fix);
                await BuildAsync(312, Fix, GateStatus.Passed);
                return "the fix lands, and CI of main is green for both";
        }
    }

    private Task LandAsync(string sha) => RecordAsync(
        _github,
        new Fact { Subject = Key.Commit("acme/web", sha), Kind = FactKinds.Landing, Writer = _github.Writer, Ordinal = Next(), OccurredAt = time.GetUtcNow(), Revision = sha, Links = [Change], Attributes = OnMain },
        new Fact { Subject = Change, Kind = Gates.Merged, Writer = _github.Writer, Ordinal = Next(), OccurredAt = time.GetUtcNow(), Status = GateStatus.Passed, Reason = Reason.Exact, Revision = sha, Attributes = OnMain });

    // A green build counts for every commit that it contains; this one says which those are.
    private Task BuildAsync(int number, string sha, GateStatus status) => RecordAsync(_jenkins, new Fact
    {
        Subject = Key.Build($"https://ci.example/job/web/{number}/"),
        Kind = Gates.MainCi,
        Writer = _jenkins.Writer,
        Ordinal = new Ordinal(number),
        OccurredAt = time.GetUtcNow(),
        Status = status,
        Reason = Reason.Exact,
        Name = "web",
        Detail = $"web #{number} {(status == GateStatus.Passed ? "succeeded" : "failed")}",
        Evidence = Evidence.At($"https://ci.example/job/web/{number}/", $"build #{number}"),
        Revision = sha,
        Links = status == GateStatus.Passed ? [Key.Commit("acme/web", First), Key.Commit("acme/web", Fix)] : [Key.Commit("acme/web", sha)],
    });

    private Task SayAsync(IClosedLoop speaker, Key subject, string gate, GateStatus status, string detail) => RecordAsync(
        speaker, new Fact { Subject = subject, Kind = gate, Writer = speaker.Writer, Ordinal = Next(), OccurredAt = time.GetUtcNow(), Status = status, Reason = Reason.Exact, Detail = detail });

    private static async Task RecordAsync(IClosedLoop speaker, params Fact[] facts)
    {
        var result = await speaker.RecordFactsAsync(facts);
        if (!result.IsRecorded) throw new InvalidOperationException(result.Refusal);
    }

    private static ImmutableSortedDictionary<string, string> OnMain => ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Repository, "acme/web").Add(FactAttributes.Branch, "main");

    private Ordinal Next() => new(++_now);
}
