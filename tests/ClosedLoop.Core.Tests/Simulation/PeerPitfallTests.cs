using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Simulation;

/// <summary>Situations in which other systems got stuck or claimed too much; each names the public report.</summary>
public sealed class PeerPitfallTests : IDisposable
{
    private readonly FakeSource _source = new();
    private readonly LoopFixture _loop;

    public PeerPitfallTests() => _loop = new LoopFixture(l => l.AddAdapter(_ => _source.Register()));

    public void Dispose() => _loop.Dispose();

    [Fact(DisplayName = "Completed arrives before in progress: nothing moves back (google/go-github#2706, runs-on/runs-on#539)")]
    public async Task Completed_before_in_progress()
    {
        await _loop.TakeAsync(Given.Delivered(1, 1, "a1"));
        await _loop.TakeAsync(Given.Built(1, GateStatus.Running, 4, "a1"));
        Assert.True((await _loop.StateAsync("BL-1")).IsDone);
        Assert.DoesNotContain(await _loop.TransitionsAsync("BL-1"), static t => t.Kind == TransitionKind.Reopened);
    }

    [Fact(DisplayName = "A merge is delivered again while deploying: neither the gate nor its clock moves (coalesce-labs/catalyst)")]
    public async Task Merge_delivered_again_while_deploying()
    {
        await _loop.TakeAsync([.. Given.Delivered(1, 1, "a1"), Given.ImageBuilt("i", 6, Given.Commit("a1")), Given.Runs("production", "i", 8, GateStatus.Running)]);
        string before = await _loop.StatesAsync();
        await _loop.TakeAsync(Given.Merged(1, 3, Given.Item(1)), Given.Landed("a1", 1, 3));
        Assert.Equal(before, await _loop.StatesAsync());
    }

    [Fact(DisplayName = "The failure of an old attempt arrives last: the new attempt speaks (Significant-Gravitas/AutoGPT#14078)")]
    public async Task Failure_of_an_old_attempt_arrives_last()
    {
        Fact Attempt(int attempt, GateStatus status) => Given.Built(7, status, attempt, "a1") with { Ordinal = new Ordinal(7, attempt, 2) };
        await _loop.TakeAsync([.. Given.Delivered(1, 1, "a1")[..^1], Attempt(2, GateStatus.Passed)]);
        await _loop.TakeAsync(Attempt(1, GateStatus.Failed));
        Assert.True((await _loop.StateAsync("BL-1")).IsDone);
    }

    [Fact(DisplayName = "A webhook announces what the API does not show yet: it is asked again, not lost (rancher/fleet#5218)")]
    public async Task Api_lags_behind_the_webhook()
    {
        await _loop.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        _source.Answer = static _ => ProbeResult.Reached([]);
        await _loop.RunAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(Gates.PrOpened, (await _loop.StateAsync("BL-1")).CurrentGate);
        _source.Answer = static _ => null;
        _source.Happens(_loop.Now.AddDays(-3), Given.Review(1, "ann", GateStatus.Passed, 1));
        await _loop.RunAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(Gates.Reviewed, (await _loop.StateAsync("BL-1")).CurrentGate);
    }

    [Fact(DisplayName = "An environment that does not exist is said to be so and passes nothing (coalesce-labs/catalyst#997, #3235)")]
    public async Task Environment_does_not_exist()
    {
        await _loop.TakeAsync([.. Given.Delivered(1, 1, "a1"), Given.ImageBuilt("i", 6, Given.Commit("a1")), Given.Runs("prodution", "i", 8, GateStatus.Waiting) with { Reason = Reason.Misconfigured, Detail = "there is no environment 'prodution'" }]);
        var gate = await _loop.GateAsync("BL-1", Gates.RolledOut);
        Assert.Equal((GateStatus.Waiting, Reason.Misconfigured, false), (gate.Status, gate.Reason, gate.Holds));
        _loop.Time.AdvanceTo(Given.At(8.5));
        await _loop.Engine.RunDueAsync(default);
        var alert = Assert.Single(await _loop.TransitionsAsync("BL-1"), static t => t is { Kind: TransitionKind.Overdue, Gate: Gates.RolledOut });
        Assert.Contains("cannot pass as configured; there is no environment 'prodution'", alert.Detail, StringComparison.Ordinal);
    }

    [Theory(DisplayName = "A skipped, cancelled or unknown end is never a pass (coalesce-labs/catalyst#881, tektoncd/chains#1796)")]
    [InlineData(Reason.Skipped)]
    [InlineData(Reason.Cancelled)]
    [InlineData(Reason.Superseded)]
    [InlineData(Reason.Inconclusive)]
    [InlineData(Reason.Unrecognized)]
    [InlineData(Reason.Misconfigured)]
    public async Task No_verdict_is_no_pass(Reason reason)
    {
        await _loop.TakeAsync([.. Given.Delivered(1, 1, "a1")[..^1], Given.Built(1, "web", GateStatus.Waiting, reason, 5, "a1")]);
        var state = await _loop.StateAsync("BL-1");
        Assert.Equal((false, Gates.MainCi, reason), (state.IsDone, state.WaitingOn, state.Gate(Gates.MainCi)!.Reason));
    }

    [Fact(DisplayName = "The cold start of a long history has no side effects beyond one sweep (spinnaker/spinnaker#2827)")]
    public async Task Cold_start_is_one_sweep()
    {
        for (int i = 1; i <= 50; i++) _source.Happens(Given.At(-60), Given.Delivered(i, i, "c" + i, -100).Select(f => f with { Subject = f.Subject.Is(KeySchemes.Build) ? Given.Build(i) : f.Subject }).ToArray());
        await _loop.Engine.RunDueAsync(default);
        Assert.Single(_source.Probes);
        Assert.Equal(50, (await _loop.ItemsAsync()).Count(static r => r.State.IsDone));
        Assert.DoesNotContain(await _loop.TransitionsAsync(), static t => t.Kind == TransitionKind.Overdue && t.Gate is Gates.Merged or Gates.MainCi);
    }
}
