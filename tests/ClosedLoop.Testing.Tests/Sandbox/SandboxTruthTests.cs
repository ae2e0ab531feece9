using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

public sealed class SandboxTruthTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly SandboxTruth _truth = new();

    [Fact]
    public void A_gate_is_waiting_before_anything_happened()
    {
        _truth.Record("BL-1", Gates.Merged, GateStatus.Passed, Start);

        Assert.Equal(GateStatus.Waiting, _truth.StatusAt("BL-1", Gates.Merged, Start.AddTicks(-1)));
        Assert.Equal(GateStatus.Passed, _truth.StatusAt("BL-1", Gates.Merged, Start));
        Assert.Equal(GateStatus.Waiting, _truth.StatusAt("BL-1", Gates.Healthy, Start));
        Assert.Equal(GateStatus.Waiting, _truth.StatusAt("BL-2", Gates.Merged, Start));
    }

    [Fact]
    public void A_status_that_is_already_so_is_no_change()
    {
        _truth.Record("BL-1", Gates.MainCi, GateStatus.Running, Start);
        _truth.Record("BL-1", Gates.MainCi, GateStatus.Running, Start.AddSeconds(1));

        Assert.Single(_truth.Changes);
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_turn_the_log_back()
    {
        _truth.Record("BL-1", Gates.MainCi, GateStatus.Running, Start);
        _truth.Record("BL-1", Gates.MainCi, GateStatus.Passed, Start.AddSeconds(-5));

        Assert.Equal([Start, Start], _truth.Changes.Select(c => c.At));
        Assert.Equal(GateStatus.Passed, _truth.Latest()["BL-1"][Gates.MainCi]);
    }
}
