using ClosedLoop.Core.Tests.Lines.Model;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using static ClosedLoop.Core.Tests.Lines.Model.Happening;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>
/// A delivery told in the order in which the engine hears of it, each thing in a commit of its own unless told otherwise. Every pull
/// request stands for itself; a minute passes between two things.
/// </summary>
internal sealed class DeliveryStory
{
    private readonly List<Happening[]> _told = [];
    private int _minute, _number;

    /// <summary>What was told, in order; what was told together is one entry.</summary>
    public IReadOnlyList<IReadOnlyList<Happening>> Told => _told;

    public static Key Sha(int number) => Given.Commit(Words.Sha(number));

    public DateTimeOffset Next() => Given.At(++_minute);

    public DeliveryStory Tell(params Happening[] together)
    {
        _told.Add(together);
        return this;
    }

    public DeliveryStory Commit(int number, params int[] parents) => Tell(Node(number, parents));

    public Happening Node(int number, params int[] parents) => new Committed(Next(), Sha(number), [.. parents.Select(Sha)]);

    /// <summary>The head of a branch is at a commit.</summary>
    public DeliveryStory Head(int commit, string branch = "main") => Tell(new Pushed(Next(), Given.Repository, branch, Sha(commit)));

    /// <summary>A pull request lands as a commit; the commit's node is told elsewhere.</summary>
    public DeliveryStory Land(int pr, int commit, string branch = "main", DateTimeOffset? at = null)
    {
        var now = at ?? Next();
        return Tell(new Proposed(now, Given.Pr(pr), null)).Tell(new Merged(now, Given.Pr(pr), Sha(commit))).Tell(new Landed(now, Sha(commit), branch, Given.Pr(pr), null, null));
    }

    public DeliveryStory Revert(int by, int target) => Tell(new Reverted(Next(), Sha(by), [Sha(target)], false));

    public DeliveryStory Build(int commit, GateStatus status, DateTimeOffset? at = null, Reason reason = Reason.None) =>
        Tell(new Ran(at ?? Next(), Gates.MainCi, Given.Ci, Given.Build(++_number), "unit", new Ordinal(_number), status, reason, Sha(commit), null));

    public DeliveryStory RollOut(string target, GateStatus status, params int[] commits) =>
        Tell(new Deployed(Next(), "production", target, Key.Deployment($"{target}-{++_number}"), new Ordinal(_number), status, [.. commits.Select(Sha)], []));

    public DeliveryStory Check(string target, GateStatus status, int commit, Reason reason = Reason.None) =>
        Tell(new Checked(Next(), "production", target, Key.Create("monitor", $"{target}-{++_number}"), new Ordinal(_number), status, reason, Sha(commit), null));

    public async Task<GateView> GateAsync(int pr, string gate, WorldShape? shape = null)
    {
        var states = await EngineRun.FeedAsync((shape ?? new WorldShape()).Pipeline(), _told.SelectMany(static t => t).Max(static h => h.At), _told.Select(static t => new[] { EngineRun.Submission([.. t.Select(HappeningFacts.Report)]) }));
        return states[Key.Item(Given.Pr(pr).ToString()).Value].Gate(gate)!;
    }
}
