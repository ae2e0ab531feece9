using System.Diagnostics;
using System.Text;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class WebhookSinkTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string OldSecret = "whsec_b2xkIHNlY3JldCBvbGQgc2VjcmV0IG9sZA==";

    [Fact]
    public void A_signature_is_what_the_standards_own_library_makes() =>
        // Made with npm's standardwebhooks 1.1.1.
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", new WebhookSigner([Secret]).Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8));

    [Fact]
    public async Task A_post_is_signed_with_each_secret_as_another_implementation_computes_it()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(receiver);
        await host.Sink.DeliverAsync(Notices.Of() with { Title = "Grüße \"ok\"" }, null, default);
        var headers = receiver.Last.Headers;
        Assert.Equal(("ntc_inc-1/1/1", "1767603600"), (headers["webhook-id"], headers["webhook-timestamp"]));
        string[] signatures = headers["webhook-signature"].Split(' ');
        Assert.Equal(2, signatures.Length);
        Assert.Equal("v1," + await NodeAsync(Secret, headers, receiver.Last.Body), signatures[0]);
        Assert.Equal("v1," + await NodeAsync(OldSecret, headers, receiver.Last.Body), signatures[1]);
    }

    [Fact]
    public async Task The_body_has_the_documented_shape()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(receiver, static o => o.Render = static n => n.Title);
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        Assert.Equal(
            """{"type":"incident.fired","timestamp":"2026-01-05T09:00:00Z","data":{"key":"inc-1/1/1","incident":"inc-1","episode":1,"number":1,"severity":"warning","cause":"line:acme/web@main/main-ci","cause_kind":"line","title":"main-ci is red on acme/web main","summary":"Build 311 failed, 40 items wait behind it.","next_action":"Fix or revert 9f2c.","since":"2026-01-05T06:55:00Z","count":40,"oldest_item":"BL-42","oldest_item_title":"Fix login","items":["BL-42","BL-43"],"owner":"team-web","gate":"main-ci","repository":"acme/web","branch":"main","environment":null,"source":null,"priority":"P1","evidence":"https://ci.example.org/job/web/311/?a=1\u0026b=2","by":null,"next_notice_by":"2026-01-05T13:00:00Z","text":"main-ci is red on acme/web main"}}""",
            receiver.Last.Text);
    }

    [Theory]
    [InlineData(IncidentNoticeKind.Fired, "incident.fired")]
    [InlineData(IncidentNoticeKind.Repeated, "incident.repeated")]
    [InlineData(IncidentNoticeKind.Escalated, "incident.escalated")]
    [InlineData(IncidentNoticeKind.Acknowledged, "incident.acknowledged")]
    [InlineData(IncidentNoticeKind.Resolved, "incident.resolved")]
    public async Task The_type_says_why_it_is_sent(IncidentNoticeKind kind, string type)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(receiver);
        await host.Sink.DeliverAsync(Notices.Of(kind), null, default);
        Assert.Equal(type, receiver.Last.Json.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("inc-1/1/1", "ntc_inc-1/1/1")]
    [InlineData("a.b c\r\nü", "ntc_a%2Eb%20c%0D%0A%C3%BC")]
    public void The_id_fits_a_header_and_has_no_dot(string key, string id) => Assert.Equal(id, WebhookSigner.Id(key));

    [Fact]
    public void A_long_id_is_hashed_and_stays_the_same()
    {
        string id = WebhookSigner.Id(new string('x', 1_000));
        Assert.Equal(68, id.Length);
        Assert.Equal(id, WebhookSigner.Id(new string('x', 1_000)));
        Assert.NotEqual(id, WebhookSigner.Id(new string('x', 1_001)));
    }

    [Fact]
    public async Task Each_attempt_has_its_own_time_and_the_same_id()
    {
        var time = new QuickTime();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, before) =>
        {
            time.Now += TimeSpan.FromSeconds(5);
            return (before == 0 ? 500 : 200, "", []);
        };
        await using var host = Host(receiver, time: time);
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        Assert.Equal(["1767603600", "1767603605"], receiver.Requests.Select(static r => r.Headers["webhook-timestamp"]));
        Assert.Single(receiver.Requests.Select(static r => r.Headers["webhook-id"]).Distinct());
        Assert.Equal(2, receiver.Requests.Select(static r => r.Headers["webhook-signature"]).Distinct().Count());
    }

    [Fact]
    public async Task An_enemys_text_is_JSON_of_bounded_size()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(receiver);
        await host.Sink.DeliverAsync(Notices.Hostile(), null, default);
        Assert.InRange(receiver.Last.Body.Length, 1_000, 60_000);
        Assert.Equal(250, receiver.Last.Json.GetProperty("data").GetProperty("title").GetString()!.Length);
        Assert.Equal(10, receiver.Last.Json.GetProperty("data").GetProperty("items").GetArrayLength());
    }

    private static SinkHost Host(Receiver receiver, Action<IncidentWebhookOptions>? configure = null, TimeProvider? time = null) => new(
        a => a.AddWebhook(o =>
        {
            (o.Url, o.Timeout) = (receiver.Address, TimeSpan.FromSeconds(30));
            o.Secrets.Add(Secret);
            o.Secrets.Add(OldSecret);
            configure?.Invoke(o);
        }),
        time);

    // Node's own OpenSSL, from the headers and bytes that arrived.
    private static async Task<string> NodeAsync(string secret, Dictionary<string, string> headers, byte[] body)
    {
        const string Script = """
            const [secret, id, time] = process.argv.slice(1); const chunks = [];
            process.stdin.on('data', c => chunks.push(c)).on('end', () => {
              const h = require('crypto').createHmac('sha256', Buffer.from(secret.slice(6), 'base64'));
              h.update(id + '.' + time + '.'); h.update(Buffer.concat(chunks)); process.stdout.write(h.digest('base64')); });
            """;
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["-e", Script, "--", secret, headers["webhook-id"], headers["webhook-timestamp"]]) start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        await node.StandardInput.BaseStream.WriteAsync(body);
        node.StandardInput.Close();
        return await node.StandardOutput.ReadToEndAsync();
    }
}
