using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Intake;

public sealed class WebhookReceiverTests : IDisposable
{
    private readonly FakeSource _source = new();
    private readonly LoopFixture _loop;

    public WebhookReceiverTests() => _loop = new LoopFixture(l => l.AddAdapter(_ => _source.Register()));

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData("ignore", "right", WebhookOutcome.Ignored, 202, 0)]
    [InlineData("0", "wrong", WebhookOutcome.Unauthorized, 401, 0)]
    [InlineData("not a number", "right", WebhookOutcome.Malformed, 400, 1)]
    [InlineData("throw", "right", WebhookOutcome.Malformed, 400, 1)]
    public async Task A_delivery_that_brings_nothing_is_answered_as_what_it_is(string body, string secret, WebhookOutcome outcome, int status, int kept)
    {
        var result = await ReceiveAsync(body, secret);
        Assert.Equal((outcome, status), (result.Outcome, result.StatusCode));
        Assert.Empty(await _loop.ItemsAsync());
        Assert.Equal(kept, (await _loop.QuarantineAsync()).Count(q => q.Kind == QuarantineKind.Malformed && System.Text.Encoding.UTF8.GetString(q.Body.Span) == body));
    }

    [Fact]
    public async Task A_delivery_is_taken_once_and_an_unknown_address_is_not_found()
    {
        _source.Happens(Given.Start, Given.PrOpen(1, 0, Given.Item(1)));
        Assert.Equal(WebhookOutcome.Accepted, (await ReceiveAsync("0")).Outcome);
        Assert.Equal(WebhookOutcome.Duplicate, (await ReceiveAsync("0")).Outcome);
        Assert.Equal(404, (await _loop.Get<IWebhookReceiver>().ReceiveAsync(FakeSource.Delivery("0", _loop.Now) with { Source = "nobody" })).StatusCode);
        Assert.Equal(413, (await ReceiveAsync(new string('1', _loop.Get<IWebhookReceiver>().MaxBodyBytes("fake")!.Value + 1))).StatusCode);
        Assert.Null(_loop.Get<IWebhookReceiver>().MaxBodyBytes("nobody"));
    }

    [Fact]
    public void An_adapter_that_takes_webhooks_without_checking_who_sent_them_is_a_configuration_error()
    {
        using var loop = new LoopFixture(l => l.AddAdapter(_ => new AdapterRegistration { Name = "open", Writers = [Given.Scm], Translator = _source }));
        Assert.Contains("has no authenticator", Assert.Throws<InvalidOperationException>(() => loop.Get<IWebhookReceiver>()).Message, StringComparison.Ordinal);
    }

    private async Task<WebhookResult> ReceiveAsync(string body, string secret = "right") => await _loop.Get<IWebhookReceiver>().ReceiveAsync(FakeSource.Delivery(body, _loop.Now, secret));
}
