using System.Text;
using ClosedLoop.Adapters.GitHub.Webhooks;

namespace ClosedLoop.Adapters.GitHub.Tests;

public sealed class SignatureTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"zen":"Non-blocking is better than blocking."}""");
    private readonly GitHubWebhookAuthenticator _authenticator = new(Hook.Secret, null);

    [Fact]
    public void The_vector_of_GitHubs_documentation_is_authentic()
    {
        var authenticator = new GitHubWebhookAuthenticator("It's a Secret to Everybody", null);
        var delivery = With("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17") with { Body = "Hello, World!"u8.ToArray() };
        Assert.True(authenticator.IsAuthentic(delivery));
    }

    [Fact]
    public void A_flipped_bit_at_any_position_of_the_body_is_not_authentic()
    {
        var delivery = With(Hook.Sign(Hook.Secret, Body));
        Assert.True(_authenticator.IsAuthentic(delivery));
        for (int i = 0; i < Body.Length * 8; i++)
        {
            byte[] changed = [.. Body];
            changed[i / 8] ^= (byte)(1 << (i % 8));
            Assert.False(_authenticator.IsAuthentic(delivery with { Body = changed }), $"bit {i}");
        }
        Assert.False(_authenticator.IsAuthentic(delivery with { Body = Body.AsMemory(..^1) }));
        Assert.False(_authenticator.IsAuthentic(delivery with { Body = (byte[])[.. Body, 0] }));
    }

    [Fact]
    public void A_changed_digit_at_any_position_of_the_signature_is_not_authentic()
    {
        string signature = Hook.Sign(Hook.Secret, Body);
        for (int i = 0; i < signature.Length; i++)
        {
            char[] changed = signature.ToCharArray();
            changed[i] = changed[i] == '0' ? '1' : '0';
            Assert.False(_authenticator.IsAuthentic(With(new string(changed))), $"position {i}");
        }
    }

    [Fact]
    public void Upper_case_digits_are_the_same_number() =>
        Assert.True(_authenticator.IsAuthentic(With("sha256=" + Hook.Sign(Hook.Secret, Body)["sha256=".Length..].ToUpperInvariant())));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256")]
    [InlineData("sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12")]
    [InlineData("SHA256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1g")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e")]
    public void A_missing_or_misshapen_signature_is_not_authentic_and_does_not_throw(string? signature) => Assert.False(_authenticator.IsAuthentic(With(signature)));

    [Fact]
    public void A_signature_sent_twice_is_not_authentic()
    {
        string signature = Hook.Sign(Hook.Secret, Body);
        Assert.False(_authenticator.IsAuthentic(With($"{signature},{signature}")));
    }

    [Fact]
    public void While_secrets_are_changed_over_both_are_accepted_and_no_third()
    {
        var authenticator = new GitHubWebhookAuthenticator("the new secret", "the old secret");
        Assert.True(authenticator.IsAuthentic(With(Hook.Sign("the new secret", Body))));
        Assert.True(authenticator.IsAuthentic(With(Hook.Sign("the old secret", Body))));
        Assert.False(authenticator.IsAuthentic(With(Hook.Sign("another secret", Body))));
        Assert.False(authenticator.IsAuthentic(With(Hook.Sign("", Body))));
    }

    [Fact]
    public void A_form_is_signed_over_its_raw_bytes_and_translated_like_json()
    {
        var payload = Payloads.PullRequest("opened", 0, static p => p["title"] = "50% + a & b = ü");
        byte[] form = Encoding.ASCII.GetBytes("payload=" + Uri.EscapeDataString(payload.ToJsonString()).Replace("%20", "+", StringComparison.Ordinal));
        var delivery = Hook.Delivery("pull_request", form, type: "application/x-www-form-urlencoded; charset=utf-8");
        Assert.True(_authenticator.IsAuthentic(delivery));
        Assert.Equal(Hook.Translate("pull_request", payload).Facts.ToArray(), Hook.Translator().Translate(delivery).Facts.ToArray());
    }

    private static WebhookDelivery With(string? signature)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (signature is not null) headers[GitHubWebhookAuthenticator.Header] = signature;
        return new WebhookDelivery { Source = "github", Headers = headers, Body = Body, ReceivedAt = Payloads.Start };
    }
}
