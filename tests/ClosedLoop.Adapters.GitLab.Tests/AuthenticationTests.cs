using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Adapters.GitLab.Webhooks;

namespace ClosedLoop.Adapters.GitLab.Tests;

public sealed class AuthenticationTests
{
    // The example of the Standard Webhooks specification's reference libraries.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Id = "msg_p5jXN8AQM9LWM0D4loKWxJek", Stamp = "1614265330", Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");
    private static readonly DateTimeOffset Sent = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Theory]
    [InlineData(FakeGitLab.WebhookToken, true)]
    [InlineData("previous-webhook-token-4711", true)]
    [InlineData("canary-webhook-token-0816", false)]
    [InlineData("canary-webhook-token-081", false)]
    [InlineData(" ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_secret_token_must_be_the_configured_one_or_the_one_before(string? token, bool authentic)
    {
        var check = new GitLabAuthenticator(Given.Options(static o => o.PreviousWebhookToken = "previous-webhook-token-4711"));
        var delivery = Given.Delivery(Body);
        var headers = new Dictionary<string, string>(delivery.Headers, StringComparer.OrdinalIgnoreCase);
        headers.Remove("X-Gitlab-Token");
        if (token is not null) headers["X-Gitlab-Token"] = token;
        Assert.Equal(authentic, check.IsAuthentic(delivery with { Headers = headers }));
    }

    [Fact]
    public void The_signature_of_the_specification_is_right_and_any_other_is_wrong()
    {
        string right = Sign(Secret, Id, Stamp, Body);
        Assert.Equal(Signature, right);
        Assert.True(IsAuthentic(right));
        Assert.True(IsAuthentic($"v1,{Convert.ToBase64String(new byte[32])} v1a,whatever {right}"));
        Assert.False(IsAuthentic(""));
        Assert.False(IsAuthentic("v1,"));
        Assert.False(IsAuthentic(right[3..]));
        Assert.False(IsAuthentic("v2" + right[2..]));
        Assert.False(IsAuthentic(right[..^4]));
        Assert.False(IsAuthentic("v1,not base64"));
        Assert.False(IsAuthentic($"v1,{Convert.ToBase64String(new byte[32])}"));
        Assert.False(IsAuthentic(right, id: "msg_other"));
        Assert.False(IsAuthentic(right, stamp: "1614265331"));
        Assert.False(IsAuthentic(right, body: Encoding.UTF8.GetBytes("""{"test": 2432232315}""")));
        Assert.False(IsAuthentic(Sign("whsec_" + Convert.ToBase64String(new byte[24]), Id, Stamp, Body)));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void A_signature_is_good_for_five_minutes(int seconds, bool authentic) => Assert.Equal(authentic, IsAuthentic(Sign(Secret, Id, Stamp, Body), at: Sent.AddSeconds(seconds)));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("-1614265330")]
    [InlineData("1614265330.5")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775807")]
    public void A_time_that_is_none_is_refused(string stamp) => Assert.False(IsAuthentic(Sign(Secret, Id, stamp, Body), stamp: stamp));

    [Fact]
    public void A_signature_is_required_once_it_is_configured_and_a_configured_token_too()
    {
        var both = new GitLabAuthenticator(Given.Options(static o => o.SigningToken = Secret));
        var delivery = Given.Delivery(Body, ("webhook-id", Id), ("webhook-timestamp", Stamp), ("webhook-signature", Sign(Secret, Id, Stamp, Body))) with { ReceivedAt = Sent };
        Assert.True(both.IsAuthentic(delivery));
        Assert.False(both.IsAuthentic(Given.Delivery(Body) with { ReceivedAt = Sent }));
        var wrong = new Dictionary<string, string>(delivery.Headers, StringComparer.OrdinalIgnoreCase) { ["X-Gitlab-Token"] = "something else of length" };
        Assert.False(both.IsAuthentic(delivery with { Headers = wrong }));
    }

    [Fact]
    public void The_signing_token_before_is_taken_too()
    {
        string previous = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("an older key of 24 bytes"));
        var check = new GitLabAuthenticator(Given.Options(o => (o.SigningToken, o.PreviousSigningToken, o.WebhookToken) = (Secret, previous, null)));
        foreach (string token in new[] { Secret, previous })
            Assert.True(check.IsAuthentic(Given.Delivery(Body, ("webhook-id", Id), ("webhook-timestamp", Stamp), ("webhook-signature", Sign(token, Id, Stamp, Body))) with { ReceivedAt = Sent }));
    }

    private static bool IsAuthentic(string signature, string id = Id, string stamp = Stamp, byte[]? body = null, DateTimeOffset? at = null) =>
        new GitLabAuthenticator(Given.Options(static o => (o.SigningToken, o.WebhookToken) = (Secret, null)))
            .IsAuthentic(Given.Delivery(body ?? Body, ("webhook-id", id), ("webhook-timestamp", stamp), ("webhook-signature", signature)) with { ReceivedAt = at ?? Sent });

    private static string Sign(string secret, string id, string stamp, byte[] body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{stamp}.").Concat(body).ToArray()));
}
