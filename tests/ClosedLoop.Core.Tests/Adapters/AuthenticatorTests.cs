using System.Text;
using ClosedLoop.Adapters;

namespace ClosedLoop.Core.Tests.Adapters;

public sealed class AuthenticatorTests
{
    // GitHub's published example.
    private const string Secret = "It's a Secret to Everybody", Signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    [Fact]
    public void The_published_example_of_a_signature_is_authentic() =>
        Assert.True(new HmacAuthenticator("X-Hub-Signature-256", "sha256=", Secret).IsAuthentic(Delivery("Hello, World!", ("x-hub-signature-256", "sha256=" + Signature))));

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha1=" + Signature)]
    [InlineData(Signature)]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1z")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18")]
    [InlineData("sha256=" + Signature + ",sha256=" + Signature)]
    public void Everything_but_the_one_right_signature_is_not(string header) =>
        Assert.False(new HmacAuthenticator("X-Hub-Signature-256", "sha256=", Secret).IsAuthentic(Delivery("Hello, World!", ("X-Hub-Signature-256", header))));

    [Fact]
    public void A_missing_signature_or_a_changed_body_is_not_authentic()
    {
        var authenticator = new HmacAuthenticator("X-Hub-Signature-256", "sha256=", Secret);
        Assert.False(authenticator.IsAuthentic(Delivery("Hello, World!")));
        Assert.False(authenticator.IsAuthentic(Delivery("Hello, World?", ("X-Hub-Signature-256", "sha256=" + Signature))));
    }

    [Theory]
    [InlineData("Bearer a-long-enough-token", true)]
    [InlineData("bearer a-long-enough-token", false)]
    [InlineData("Bearer a-long-enough-token ", false)]
    [InlineData("", false)]
    public void A_shared_secret_is_compared_whole(string given, bool expected) =>
        Assert.Equal(expected, new SharedSecretAuthenticator("Authorization", "Bearer a-long-enough-token").IsAuthentic(Delivery("{}", ("Authorization", given))));

    [Fact]
    public void A_secret_that_could_be_guessed_is_refused_and_not_repeated()
    {
        var shared = Assert.Throws<ArgumentException>(static () => new SharedSecretAuthenticator("X-Token", "hunter2"));
        var signed = Assert.Throws<ArgumentException>(static () => new HmacAuthenticator("X-Signature", "", "hunter2"));
        Assert.All([shared.Message, signed.Message], static m => Assert.DoesNotContain("hunter2", m, StringComparison.Ordinal));
    }

    private static WebhookDelivery Delivery(string body, params (string Name, string Value)[] headers) => new()
    {
        Source = "test",
        Headers = headers.ToDictionary(static h => h.Name, static h => h.Value, StringComparer.OrdinalIgnoreCase),
        Body = Encoding.UTF8.GetBytes(body),
        ReceivedAt = default,
    };
}
