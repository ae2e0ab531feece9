using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class SlackSinkTests
{
    private const string Posted = """{"ok":true,"channel":"C0123456789","ts":"1700000000.000100"}""";

    [Fact]
    public async Task A_webhook_gets_text_blocks_and_the_key_in_the_footer()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = new SinkHost(a => a.AddSlack(o => o.WebhookUrl = new Uri(receiver.Address, "services/T/B/x")));
        Assert.Null(await host.Sink.DeliverAsync(Notices.Of() with { Title = "a < b & c > d" }, null, default));
        Assert.Equal("/services/T/B/x", receiver.Last.Path);
        var sent = receiver.Last.Json;
        Assert.Equal("FIRING (warning): *a &lt; b &amp; c &gt; d*", sent.GetProperty("text").GetString());
        var section = sent.GetProperty("blocks")[0].GetProperty("text");
        Assert.StartsWith("FIRING (warning): *a &lt; b &amp; c &gt; d*\nBuild 311 failed", section.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.True(section.GetProperty("verbatim").GetBoolean());
        Assert.Equal("ClosedLoop inc-1/1/1", sent.GetProperty("blocks")[1].GetProperty("elements")[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(200, "invalid_payload", true)]
    [InlineData(400, "invalid_payload", true)]
    [InlineData(400, "no_text", true)]
    [InlineData(403, "action_prohibited", true)]
    [InlineData(404, "no_service", true)]
    [InlineData(404, "<html>", true)]
    [InlineData(410, "channel_is_archived", true)]
    [InlineData(200, "", false)]
    [InlineData(200, "<html>please log in</html>", false)]
    [InlineData(200, "ok, more or less", false)]
    [InlineData(429, "", false)]
    [InlineData(503, "", false)]
    public async Task A_webhook_is_believed_when_it_says_ok_and_only_then(int status, string body, bool isHopeless)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(status, body);
        await using var host = new SinkHost(a => a.AddSlack(o => o.WebhookUrl = receiver.Address));
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Equal(isHopeless, thrown is UndeliverableNoticeException);
    }

    [Fact]
    public async Task A_bot_keeps_one_message_for_an_incident_and_answers_in_its_thread()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(200, Posted);
        await using var host = Bot(receiver);
        string? handle = await host.Sink.DeliverAsync(Notices.Of(), null, default);
        Assert.Equal("C0123456789:1700000000.000100", handle);
        Assert.Equal(("/api/chat.postMessage", "Bearer xoxb-1"), (receiver.Last.Path, receiver.Last.Headers["Authorization"]));
        Assert.Equal("C0123456789", receiver.Last.Json.GetProperty("channel").GetString());
        handle = await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Acknowledged, 2), handle, default);
        Assert.Equal("C0123456789:1700000000.000100", handle);
        handle = await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Escalated, 3), handle, default);
        handle = await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Resolved, 4), handle, default);
        Assert.Null(handle);
        Assert.Equal(["chat.postMessage", "chat.update", "chat.update", "chat.postMessage", "chat.update", "chat.postMessage"], receiver.Requests.Select(static r => r.Path[5..]));
        var requests = receiver.Requests.ToArray();
        Assert.All(requests.Where(static r => r.Path.EndsWith("update", StringComparison.Ordinal)), static r => Assert.Equal("1700000000.000100", r.Json.GetProperty("ts").GetString()));
        Assert.Equal([true, false], requests.Where(static r => r.Json.TryGetProperty("thread_ts", out _)).Select(static r => r.Json.GetProperty("reply_broadcast").GetBoolean()));
    }

    [Fact]
    public async Task Without_replies_a_bot_only_changes_its_message()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(200, Posted);
        await using var host = Bot(receiver, static o => o.ReplyInThread = false);
        await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Escalated, 2), "C1:1.2", default);
        Assert.Equal("/api/chat.update", Assert.Single(receiver.Requests).Path);
    }

    [Theory]
    [InlineData("message_not_found")]
    [InlineData("cant_update_message")]
    public async Task A_message_that_is_gone_is_posted_anew(string error)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (r, _) => (200, r.Path.EndsWith("update", StringComparison.Ordinal) ? $$"""{"ok":false,"error":"{{error}}"}""" : Posted, []);
        await using var host = Bot(receiver);
        Assert.Equal("C0123456789:1700000000.000100", await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Escalated, 2), "C9:1.2", default));
        Assert.Equal(["/api/chat.update", "/api/chat.postMessage"], receiver.Requests.Select(static r => r.Path));
        Assert.Equal("C0123456789", receiver.Last.Json.GetProperty("channel").GetString());
        Assert.False(receiver.Last.Json.TryGetProperty("thread_ts", out _));
    }

    [Theory]
    [InlineData(200, """{"ok":false,"error":"channel_not_found"}""", true)]
    [InlineData(200, """{"ok":false,"error":"not_in_channel"}""", true)]
    [InlineData(200, """{"ok":false,"error":"invalid_auth"}""", true)]
    [InlineData(200, """{"ok":false,"error":"ratelimited"}""", false)]
    [InlineData(200, """{"ok":false,"error":"internal_error"}""", false)]
    [InlineData(200, """{"ok":false,"error":"a_new_word"}""", false)]
    [InlineData(200, """{"ok":"yes"}""", false)]
    [InlineData(200, "[]", false)]
    [InlineData(200, "<html>", false)]
    [InlineData(404, "<html>", false)]
    [InlineData(500, """{"ok":true}""", false)]
    public async Task What_a_bot_is_answered_is_success_only_when_it_says_so(int status, string body, bool isHopeless)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(status, body);
        await using var host = Bot(receiver);
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Equal(isHopeless, thrown is UndeliverableNoticeException);
    }

    [Fact]
    public async Task A_bot_waits_out_a_short_limit()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = static (_, before) => before == 0 ? (429, """{"ok":false,"error":"ratelimited"}""", [("Retry-After", "1")]) : (200, Posted, []);
        await using var host = Bot(receiver);
        Assert.NotNull(await host.Sink.DeliverAsync(Notices.Of(), null, default));
    }

    [Fact]
    public async Task An_enemys_text_calls_nobody_and_fits()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = new SinkHost(a => a.AddSlack(o => o.WebhookUrl = receiver.Address));
        await host.Sink.DeliverAsync(Notices.Hostile() with { Evidence = new Uri("https://ci.example.org/" + new string('a', 900)) }, null, default);
        foreach (string text in (string[])[receiver.Last.Json.GetProperty("text").GetString()!, receiver.Last.Json.GetProperty("blocks")[0].GetProperty("text").GetProperty("text").GetString()!])
        {
            Assert.InRange(text.Length, 100, 3_000);
            Assert.DoesNotContain("<!", text, StringComparison.Ordinal);
            Assert.DoesNotContain("@here", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("aaaa&amp;bbbb", 8, "aaaa…")]
    [InlineData("aa<http://x|y>bb", 8, "aa…")]
    [InlineData("aaaaaaaaaa", 8, "aaaaaaa…")]
    [InlineData("a&lt;aaaa<b>", 9, "a&lt;aaa…")]
    public void What_is_cut_is_not_torn(string text, int maxLength, string cut) => Assert.Equal(cut, SlackMessage.Cut(text, maxLength));

    private static SinkHost Bot(Receiver receiver, Action<SlackOptions>? configure = null) => new(a => a.AddSlack(o =>
    {
        (o.ApiAddress, o.BotToken, o.Channel) = (new Uri(receiver.Address, "api"), "xoxb-1", "C0123456789");
        configure?.Invoke(o);
    }));
}
