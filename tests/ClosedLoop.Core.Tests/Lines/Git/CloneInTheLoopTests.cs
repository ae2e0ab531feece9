using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>A real clone read by the real engine: the source host tells of pull requests and CI of builds, and the clone of all else.</summary>
public sealed class CloneInTheLoopTests : IDisposable
{
    private static readonly TimeSpan TwoSweeps = TimeSpan.FromMinutes(3);

    private readonly WorkClone _clone = new();
    private readonly LoopFixture _loop;

    public CloneInTheLoopTests()
    {
        _clone.Save("Begin", ("app.txt", WorkClone.Text()), ("other.txt", WorkClone.Text()));
        _loop = new LoopFixture(loop => loop.AddGitClone(o =>
        {
            o.Path = _clone.Path;
            o.Repository = Given.Repository;
            o.Branches.Add("main");
            o.Branches.Add("release/*");
        }));
    }

    public void Dispose()
    {
        _loop.Dispose();
        _clone.Dispose();
    }

    [Fact]
    public async Task One_green_build_of_a_later_commit_covers_a_landing_and_an_evil_merge_loses_it()
    {
        _clone.Fork("feature/logout");
        _clone.Save("Log out", ("logout.txt", "a button\n"));
        _clone.Switch("main");
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        string later = _clone.Save("Later (#13)", ("other.txt", WorkClone.Text((3, "later"))));
        await MergedAsync(12, fix);
        await _loop.TakeAsync(Given.Built(1, GateStatus.Passed, 2, later));
        await _loop.RunAsync(TwoSweeps);
        Assert.Equal(GateStatus.Passed, (await GateAsync(12, Gates.Merged)).Status);
        Assert.Equal((GateStatus.Passed, Reason.CoveredBy), ((await GateAsync(12, Gates.MainCi)).Status, (await GateAsync(12, Gates.MainCi)).Reason));

        _clone.BeginMerge("feature/logout");
        _clone.Save("Merge pull request #14 from acme/feature/logout", ("app.txt", WorkClone.Text()));
        await _loop.RunAsync(TwoSweeps);

        var merged = await GateAsync(12, Gates.Merged);
        Assert.Equal((GateStatus.Failed, Reason.Lost), (merged.Status, merged.Reason));
    }

    [Fact]
    public async Task A_revert_takes_a_landing_back_and_its_revert_restores_it()
    {
        string fix = _clone.Save("Fix login (#12)", ("app.txt", WorkClone.Text((3, "fixed"))));
        await MergedAsync(12, fix);
        string revert = _clone.Revert(fix);
        await _loop.RunAsync(TwoSweeps);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), ((await GateAsync(12, Gates.Merged)).Status, (await GateAsync(12, Gates.Merged)).Reason));

        _clone.Revert(revert);
        await _loop.RunAsync(TwoSweeps);

        Assert.Equal(GateStatus.Passed, (await GateAsync(12, Gates.Merged)).Status);
    }

    [Fact]
    public async Task A_forced_push_takes_a_landing_away_and_its_content_brings_it_back()
    {
        string begin = _clone.Head;
        string fix = _clone.Save("Fix login", ("app.txt", WorkClone.Text((3, "fixed"))));
        await MergedAsync(12, fix);
        await _loop.RunAsync(TwoSweeps);
        _clone.Git("reset", "--quiet", "--hard", begin);
        _clone.Save("Instead", ("other.txt", WorkClone.Text((3, "instead"))));
        await _loop.RunAsync(TwoSweeps);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), ((await GateAsync(12, Gates.Merged)).Status, (await GateAsync(12, Gates.Merged)).Reason));

        _clone.Pick(fix);
        await _loop.RunAsync(TwoSweeps);

        Assert.Equal(GateStatus.Passed, (await GateAsync(12, Gates.Merged)).Status);
    }

    private async Task MergedAsync(int number, string sha) => await _loop.TakeAsync(
        Given.Opened(Given.Item(number)), Given.PrOpen(number, 0, Given.Item(number)), Given.Merged(number, 1, Given.Item(number)), Given.Landed(sha, number, 1));

    private Task<GateView> GateAsync(int item, string gate) => _loop.GateAsync($"BL-{item}", gate);
}
