using System.Text;
using ClosedLoop.Adapters.Gitea.Webhooks;

namespace ClosedLoop.Adapters.Gitea.Tests;

public sealed class AuthenticationTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"action":"opened"}""");

    [Theory]
    [InlineData("Gitea")]
    [InlineData("Forgejo")]
    public void A_bare_hexadecimal_signature_of_either_system_is_taken(string system)
    {
        Assert.True(Check(Given.Delivery(Body, "pull_request", system: system)));
        Assert.False(Check(Given.Delivery(Body, "pull_request", secret: "another secret of length", system: system)));
        Assert.False(Check(Given.Delivery(Body, "pull_request", system: system) with { Body = Encoding.UTF8.GetBytes("""{"action":"closed"}""") }));
    }

    [Theory]
    [InlineData("Gitea")]
    [InlineData("Forgejo")]
    public void Without_a_secret_the_headers_are_there_and_empty_and_that_is_not_authentic(string system)
    {
        var unsigned = Given.Delivery(Body, "pull_request", secret: "", system: system);
        Assert.Equal("sha256=", unsigned.Header("X-Hub-Signature-256"));
        Assert.False(Check(unsigned));
    }

    [Theory]
    [InlineData("X-Forgejo-Signature", "")]
    [InlineData("X-Gitea-Signature", "")]
    [InlineData("X-Gogs-Signature", "")]
    [InlineData("X-Hub-Signature-256", "sha256=")]
    public void Any_one_of_the_headers_suffices_and_its_form_must_be_right(string header, string prefix)
    {
        string right = Given.Delivery(Body, "push").Header("X-Gitea-Signature")!;
        Assert.True(Check(Only(header, prefix + right)));
        Assert.True(Check(Only(header, prefix + right.ToUpperInvariant())));
        foreach (string wrong in new[] { "", prefix, prefix + right[..^1], prefix + right + "0", prefix + "zz" + right[2..], "sha1=" + right, right[..^1] + (right[^1] == '0' ? '1' : '0') })
            Assert.False(Check(Only(header, wrong)), wrong);
        Assert.Equal(prefix.Length == 0, Check(Only(header, right)));

        static WebhookDelivery Only(string name, string value) =>
            Given.Delivery(Body, "push") with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Gitea-Event"] = "push", [name] = value } };
    }

    [Fact]
    public void No_signature_at_all_and_the_sha1_header_alone_are_not_authentic()
    {
        var delivery = Given.Delivery(Body, "push");
        Assert.False(Check(delivery with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Gitea-Event"] = "push" } }));
        Assert.False(Check(delivery with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Hub-Signature"] = "sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12" } }));
    }

    [Fact]
    public void The_secret_before_is_taken_while_hooks_are_changed_over() =>
        Assert.True(new GiteaAuthenticator("the new secret of the hook", FakeGitea.Secret).IsAuthentic(Given.Delivery(Body, "push")));

    private static bool Check(WebhookDelivery delivery) => new GiteaAuthenticator(FakeGitea.Secret, null).IsAuthentic(delivery);
}
