using System.Net;
using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Outbox;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Outbox;

public sealed class OutboxTests
{
    private const string Body = """{"idempotencyKey":"k-1","type":"gate.overdue","itemId":"BL-1","summary":"main-ci has not passed","at":"2026-01-05T09:00:00+00:00"}""";

    [Fact]
    public async Task A_delivery_that_fails_waits_longer_each_time_and_is_given_up_visibly_after_twelve_attempts()
    {
        var sink = new BrokenSink();
        using var loop = new LoopFixture(l => l.AddSink(_ => sink));
        sink.Clock = () => loop.Now;
        await AddAsync(loop, "broken");
        await loop.RunAsync(TimeSpan.FromDays(2), TimeSpan.FromSeconds(60));
        Assert.Equal(OutboxDispatcher.MaxAttempts, sink.Attempts.Count);
        var waits = sink.Attempts.Zip(sink.Attempts.Skip(1), static (a, b) => b - a).ToList();
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits[^1], TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(31));
        var kept = Assert.Single(await loop.QuarantineAsync());
        Assert.Equal((QuarantineKind.Exhausted, "InvalidOperationException: no"), (kept.Kind, kept.Detail));
        Assert.Equal(Body, Encoding.UTF8.GetString(kept.Body.Span));
    }

    [Fact]
    public async Task A_message_for_a_sink_that_is_gone_is_kept_aside()
    {
        using var loop = new LoopFixture();
        await AddAsync(loop, "gone");
        await loop.Engine.RunDueAsync(default);
        Assert.Equal("no sink is named 'gone' any more", Assert.Single(await loop.QuarantineAsync()).Detail);
    }

    [Fact]
    public async Task The_webhook_sink_posts_signed_json_and_tries_again_when_the_receiver_fails()
    {
        using var listener = Listen(out var address);
        using var loop = new LoopFixture(l => l.AddWebhookSink(o => (o.Address, o.Secret) = (address, "s3cret")));
        await AddAsync(loop, "webhook");
        var received = new List<(string? Signature, string? Key, string Text)>();
        foreach (int status in new[] { 500, 200 })
        {
            var answer = AnswerAsync(listener, status, received);
            await loop.Engine.RunDueAsync(default);
            await answer;
            loop.Time.Advance(TimeSpan.FromSeconds(5));
        }
        await loop.RunAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));
        Assert.Equal(2, received.Count);
        Assert.Equal(received[0], received[1]);
        Assert.Equal("k-1", received[0].Key);
        Assert.Equal($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("s3cret"), Encoding.UTF8.GetBytes(received[0].Text)))}", received[0].Signature);
        Assert.Contains("\"itemId\":\"BL-1\"", received[0].Text, StringComparison.Ordinal);
        Assert.Empty(await loop.QuarantineAsync());
    }

    [Theory]
    [InlineData("ftp://host/x")]
    [InlineData(null)]
    public void A_webhook_sink_without_a_web_address_is_a_configuration_error_that_names_the_option(string? address)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new WebhookSink(new WebhookSinkOptions { Address = address is null ? null : new Uri(address) }));
        Assert.StartsWith("Sinks:webhook:Address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_webhook_sink_also_delivers_for_an_item_whose_id_no_header_can_hold()
    {
        using var listener = Listen(out var address);
        using var sink = new WebhookSink(new WebhookSinkOptions { Address = address });
        var received = new List<(string? Signature, string? Key, string Text)>();
        var answer = AnswerAsync(listener, 200, received);
        await sink.DeliverAsync(new Notification { IdempotencyKey = "overdue:Größe-1:main-ci", Type = "gate.overdue", ItemId = "Größe-1", Summary = "x", At = Given.Start }, default);
        await answer;
        Assert.Equal("overdue:Gr%C3%B6%C3%9Fe-1:main-ci", received[0].Key);
    }

    [Fact]
    public async Task A_receiver_that_refuses_is_named_without_its_path_which_is_often_the_secret()
    {
        using var listener = Listen(out var address);
        using var sink = new WebhookSink(new WebhookSinkOptions { Address = new Uri(address, "T0/B0/s3cret") });
        var answer = AnswerAsync(listener, 403, []);
        var error = await Assert.ThrowsAsync<HttpRequestException>(async () => await sink.DeliverAsync(new Notification { IdempotencyKey = "k", Type = "t", ItemId = "BL-1", Summary = "x", At = Given.Start }, default));
        await answer;
        Assert.Equal("Sinks:webhook: 127.0.0.1 answered 403.", error.Message);
    }

    private static async Task AddAsync(LoopFixture loop, string sink) =>
        await loop.Store.CommitAsync(new StoreCommit { At = loop.Now, Outbox = [new OutboxMessage("k-1:" + sink, sink, Body, loop.Now)] }, default);

    private static async Task AnswerAsync(HttpListener listener, int status, List<(string?, string?, string)> received)
    {
        var context = await listener.GetContextAsync();
        using var reader = new StreamReader(context.Request.InputStream);
        received.Add((context.Request.Headers["X-ClosedLoop-Signature"], context.Request.Headers["Idempotency-Key"], await reader.ReadToEndAsync()));
        context.Response.StatusCode = status;
        context.Response.Close();
    }

    // HttpListener cannot choose a free port itself, so one is found first; another process may take it in between.
    private static HttpListener Listen(out Uri address)
    {
        for (int attempt = 0; ; attempt++)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/hook/");
            probe.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add(address.ToString());
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                listener.Close();
            }
        }
    }

    private sealed class BrokenSink : INotificationSink
    {
        public List<DateTimeOffset> Attempts { get; } = [];

        public Func<DateTimeOffset> Clock { get; set; } = static () => default;

        public string Name => "broken";

        public ValueTask DeliverAsync(Notification notification, CancellationToken cancellationToken)
        {
            Attempts.Add(Clock());
            throw new InvalidOperationException("no");
        }
    }
}
