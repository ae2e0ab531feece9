using System.Net;
using System.Net.Sockets;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Alerting.Tests.Sinks;

/// <summary>What is tried again at once, what is left to the outbox, and what is given up: the same for every sink, shown on the webhook.</summary>
public sealed class SendingTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_server_that_fails_twice_is_asked_a_third_time()
    {
        var time = new QuickTime();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = static (_, before) => before < 2 ? (503, "", []) : (204, "", []);
        await using var host = Host(receiver.Address, time);
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        Assert.Equal(3, receiver.Requests.Count);
        Assert.Equal([TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)], time.Waits);
        Assert.Single(receiver.Requests.Select(static r => r.Headers["webhook-id"]).Distinct());
    }

    [Fact]
    public async Task A_server_that_goes_on_failing_is_left_to_the_outbox()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(502);
        await using var host = Host(receiver.Address);
        var later = await Assert.ThrowsAsync<HttpRequestException>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Equal("Alerting:Webhook: 127.0.0.1 is starting, overloaded or failing (HTTP 502); it is tried again later.", later.Message);
        Assert.Equal(3, receiver.Requests.Count);
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("7", 7.0)]
    [InlineData("10", 10.0)]
    public async Task A_short_limit_of_the_rate_is_waited_for(string retryAfter, double waitSeconds)
    {
        var time = new QuickTime { LongestWait = TimeSpan.FromSeconds(10) };
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, before) => before == 0 ? (429, "", [("Retry-After", retryAfter)]) : (200, "", []);
        await using var host = Host(receiver.Address, time);
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        Assert.Equal(2, receiver.Requests.Count);
        Assert.Equal(waitSeconds, time.Waits.Sum(static w => w.TotalSeconds));
    }

    [Theory]
    [InlineData("11")]
    [InlineData("3600")]
    [InlineData(null)]
    [InlineData("Mon, 05 Jan 2026 10:00:00 GMT")]
    public async Task A_long_limit_is_left_to_the_outbox(string? retryAfter)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(429, "", retryAfter is null ? [] : [("Retry-After", retryAfter)]);
        await using var host = Host(receiver.Address);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(status, "", ("Location", "/elsewhere"));
        await using var host = Host(receiver.Address);
        var later = await Assert.ThrowsAsync<HttpRequestException>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Contains("not followed", later.Message, StringComparison.Ordinal);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task One_that_does_not_answer_is_given_its_time_once()
    {
        var time = new ManualTimeProvider(Notices.Now);
        await using var receiver = await Receiver.StartAsync();
        receiver.IsSilent = true;
        await using var host = new SinkHost(a => a.AddHeartbeat(o => (o.Url, o.Timeout) = (receiver.Address, TimeSpan.FromSeconds(5))), time);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var call = host.Standing.RefreshAsync([], [Notices.Pulse("engine", Notices.Now)], deadline.Token).AsTask();
        await receiver.ArrivedAsync(deadline.Token);
        time.Advance(TimeSpan.FromSeconds(5));
        var later = await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal("Alerting:Heartbeat: 127.0.0.1 did not answer within 5 s; it is tried again later.", later.Message);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task One_that_is_not_there_is_tried_three_times()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var time = new QuickTime();
        await using var host = Host(new Uri($"http://127.0.0.1:{port}/"), time);
        var later = await Assert.ThrowsAsync<HttpRequestException>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Equal("Alerting:Webhook: 127.0.0.1 cannot be reached (ConnectionError); check its address and the network; it is tried again later.", later.Message);
        Assert.Equal(2, time.Waits.Count);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(410, true)]
    [InlineData(413, true)]
    [InlineData(422, true)]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(408, false)]
    [InlineData(409, false)]
    [InlineData(425, false)]
    [InlineData(500, false)]
    public async Task Only_what_can_never_work_is_given_up(int status, bool isHopeless)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(status, "no <b>thanks</b>");
        await using var host = Host(receiver.Address);
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Equal(isHopeless, thrown is UndeliverableNoticeException);
        Assert.StartsWith("Alerting:Webhook: 127.0.0.1 ", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(status >= 500 ? 3 : 1, receiver.Requests.Count);
    }

    [Fact]
    public async Task A_host_that_stops_does_not_wait()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.IsSilent = true;
        await using var host = Host(receiver.Address);
        using var stopping = new CancellationTokenSource();
        var call = host.Sink.DeliverAsync(Notices.Of(), null, stopping.Token).AsTask();
        await receiver.ArrivedAsync(default);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static SinkHost Host(Uri address, TimeProvider? time = null) => new(
        a => a.AddWebhook(o =>
        {
            (o.Url, o.Timeout) = (address, TimeSpan.FromSeconds(30));
            o.Secrets.Add(Secret);
        }),
        time);
}
