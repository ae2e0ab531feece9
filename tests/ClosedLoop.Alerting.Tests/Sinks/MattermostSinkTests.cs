using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class MattermostSinkTests
{
    private const string Channel = "abcdefghijklmnopqrstuvwxyz";
    private const string Post = "pppppppppppppppppppppppppp";
    private const string Root = "rrrrrrrrrrrrrrrrrrrrrrrrrr";

    [Fact]
    public async Task A_webhook_gets_a_headline_and_the_rest_beside_a_bar()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = new SinkHost(a => a.AddMattermost(o => (o.WebhookUrl, o.Channel) = (new Uri(receiver.Address, "hooks/x"), "ops")));
        Assert.Null(await host.Sink.DeliverAsync(Notices.Of(), null, default));
        var sent = receiver.Last.Json;
        Assert.Equal(("FIRING (warning): **main-ci is red on acme/web main**", "ops"), (sent.GetProperty("text").GetString(), sent.GetProperty("channel").GetString()));
        var beside = sent.GetProperty("attachments")[0];
        Assert.Equal(("#e0a030", "ClosedLoop inc-1/1/1"), (beside.GetProperty("color").GetString(), beside.GetProperty("footer").GetString()));
        Assert.StartsWith("Build 311 failed", beside.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IncidentNoticeKind.Fired, IncidentSeverity.Error, "#d9534f")]
    [InlineData(IncidentNoticeKind.Fired, IncidentSeverity.Critical, "#a30f0f")]
    [InlineData(IncidentNoticeKind.Acknowledged, IncidentSeverity.Critical, "#3a77c9")]
    [InlineData(IncidentNoticeKind.Resolved, IncidentSeverity.Critical, "#2e9e5b")]
    public async Task The_bar_has_the_colour_of_the_state(IncidentNoticeKind kind, IncidentSeverity severity, string colour)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = new SinkHost(a => a.AddMattermost(o => o.WebhookUrl = receiver.Address));
        await host.Sink.DeliverAsync(Notices.Of(kind) with { Severity = severity }, null, default);
        Assert.Equal(colour, receiver.Last.Json.GetProperty("attachments")[0].GetProperty("color").GetString());
    }

    [Fact]
    public async Task A_bot_keeps_one_post_for_an_incident_and_answers_in_its_thread()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = static (r, _) => r.Method == "PUT" ? (200, $$"""{"id":"{{Root}}"}""", []) : (201, $$"""{"id":"{{(r.Text.Contains("root_id", StringComparison.Ordinal) ? Post : Root)}}"}""", []);
        await using var host = Bot(receiver);
        string? handle = await host.Sink.DeliverAsync(Notices.Of(), null, default);
        Assert.Equal(Root, handle);
        var first = receiver.Last;
        Assert.Equal(("POST", "/api/v4/posts", "Bearer t0ken", Channel), (first.Method, first.Path, first.Headers["Authorization"], first.Json.GetProperty("channel_id").GetString()));
        Assert.Equal(Root, handle = await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Acknowledged, 2), handle, default));
        Assert.Equal(("PUT", $"/api/v4/posts/{Root}/patch"), (receiver.Last.Method, receiver.Last.Path));
        Assert.Equal("#3a77c9", receiver.Last.Json.GetProperty("props").GetProperty("attachments")[0].GetProperty("color").GetString());
        Assert.Null(await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Resolved, 3), handle, default));
        Assert.Equal(["POST", "PUT", "PUT", "POST"], receiver.Requests.Select(static r => r.Method));
        Assert.Equal(Root, receiver.Last.Json.GetProperty("root_id").GetString());
        Assert.NotEqual(first.Json.GetProperty("pending_post_id").GetString(), receiver.Last.Json.GetProperty("pending_post_id").GetString());
    }

    [Fact]
    public async Task A_post_that_is_tried_again_carries_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = static (_, before) => before == 0 ? (500, "", []) : (201, $$"""{"id":"{{Root}}"}""", []);
        await using var host = Bot(receiver);
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        Assert.Single(receiver.Requests.Select(static r => r.Json.GetProperty("pending_post_id").GetString()).Distinct());
    }

    [Theory]
    [InlineData(404, "app.post.get.app_error")]
    [InlineData(400, "api.post.update_post.permissions_time_limit.app_error")]
    [InlineData(400, "api.post.update_post.permissions_details.app_error")]
    public async Task A_post_that_can_no_longer_be_changed_is_made_anew(int status, string error)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (r, _) => r.Method == "PUT" ? (status, $$"""{"id":"{{error}}","status_code":{{status}}}""", []) : (201, $$"""{"id":"{{Post}}"}""", []);
        await using var host = Bot(receiver);
        Assert.Equal(Post, await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Escalated, 2), Root, default));
        Assert.Equal(["PUT", "POST"], receiver.Requests.Select(static r => r.Method));
    }

    [Theory]
    [InlineData(401, """{"id":"api.context.session_expired.app_error"}""", true)]
    [InlineData(403, """{"id":"api.context.permissions.app_error"}""", true)]
    [InlineData(400, """{"id":"api.context.invalid_body_param.app_error"}""", true)]
    [InlineData(404, "", true)]
    [InlineData(200, "<html>", false)]
    [InlineData(200, "{}", false)]
    [InlineData(429, "", false)]
    [InlineData(503, "", false)]
    public async Task What_a_bot_is_answered_is_success_only_with_a_post(int status, string body, bool isHopeless)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(status, body);
        await using var host = Bot(receiver);
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Equal(isHopeless, thrown is UndeliverableNoticeException);
    }

    [Theory]
    [InlineData(200, "nope", false)]
    [InlineData(404, "", true)]
    [InlineData(400, "", true)]
    [InlineData(500, "", false)]
    public async Task A_webhook_is_believed_when_it_says_ok_and_only_then(int status, string body, bool isHopeless)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(status, body);
        await using var host = new SinkHost(a => a.AddMattermost(o => o.WebhookUrl = receiver.Address));
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Equal(isHopeless, thrown is UndeliverableNoticeException);
    }

    [Fact]
    public async Task What_a_template_writes_is_cut_and_an_enemys_text_calls_nobody()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = new SinkHost(a => a.AddMattermost(o => (o.WebhookUrl, o.Render) = (receiver.Address, static n => n.NextAction + new string('x', 20_000))));
        await host.Sink.DeliverAsync(Notices.Hostile(), null, default);
        string text = receiver.Last.Json.GetProperty("text").GetString()!;
        Assert.Equal(16_383, text.Length);
        Assert.DoesNotContain("@all", text, StringComparison.Ordinal);
        Assert.False(receiver.Last.Json.GetProperty("attachments")[0].TryGetProperty("text", out _));
    }

    private static SinkHost Bot(Receiver receiver) => new(a => a.AddMattermost(o => (o.Server, o.Token, o.ChannelId) = (receiver.Address, "t0ken", Channel)));
}
