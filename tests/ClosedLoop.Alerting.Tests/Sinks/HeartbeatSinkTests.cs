using ClosedLoop.Alerting.Sinks;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class HeartbeatSinkTests
{
    [Fact]
    public async Task It_is_called_while_rounds_are_finished()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(receiver);
        Assert.Equal(TimeSpan.FromMinutes(1), host.Standing.RefreshEvery);
        await host.Standing.RefreshAsync([], [Notices.Pulse("engine", Notices.Now), Notices.Pulse("github", Notices.Now)], default);
        Assert.Equal(("GET", "/ping/1?rid=2", ""), (receiver.Last.Method, receiver.Last.Path, receiver.Last.Text));
    }

    [Fact]
    public async Task A_post_tells_what_is_known()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(receiver, static o => o.Post = true);
        await host.Standing.RefreshAsync([], [Notices.Pulse("engine", Notices.Now), Notices.Pulse("git\nhub", Notices.Now) with { BlindSince = Notices.Now, Lag = null }], default);
        Assert.Equal(("POST", "engine last good 2026-01-05T08:59:50Z lag 2 s read until 42\ngit hub last good 2026-01-05T08:59:50Z blind since 2026-01-05T09:00:00Z read until 42\n"), (receiver.Last.Method, receiver.Last.Text));
    }

    [Fact]
    public async Task It_is_not_called_when_the_engine_stands_still()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(receiver);
        var old = Notices.Now - TimeSpan.FromMinutes(6);
        await host.Standing.RefreshAsync([], [], default);
        await host.Standing.RefreshAsync([], [Notices.Pulse("github", Notices.Now)], default);
        await host.Standing.RefreshAsync([], [Notices.Pulse("engine", old)], default);
        await host.Standing.RefreshAsync([], [Notices.Pulse("engine", Notices.Now) with { LastGoodPollAt = old }], default);
        await host.Standing.RefreshAsync([], [Notices.Pulse("engine", Notices.Now) with { LastGoodPollAt = null }], default);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Incidents_are_not_its_business_and_a_refusal_is_a_failure()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(404);
        await using var host = Host(receiver);
        Assert.Null(await host.Sink.DeliverAsync(Notices.Of(), null, default));
        Assert.Empty(receiver.Requests);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Standing.RefreshAsync([], [Notices.Pulse("engine", Notices.Now)], default).AsTask());
    }

    private static SinkHost Host(Receiver receiver, Action<HeartbeatOptions>? configure = null) => new(a => a.AddHeartbeat(o =>
    {
        o.Url = new Uri(receiver.Address, "ping/1?rid=2");
        configure?.Invoke(o);
    }));
}
