using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci.Tests;

public sealed class WebhookTests
{
    [Theory]
    [InlineData("application/vnd.docker.distribution.events.v1+json")]
    [InlineData("application/vnd.docker.distribution.events.v2+json")]
    [InlineData("application/json")]
    public void A_pushed_manifest_is_an_announced_image_in_every_media_type(string contentType)
    {
        var translation = Distribution(Given.Notification(Given.Push(Given.Digest('a'))), contentType);
        var fact = Assert.Single(translation.Facts);
        Assert.Equal(Key.Image(Given.Digest('a')), fact.Subject);
        Assert.Equal((Gates.ImageBuilt, GateStatus.Passed), (fact.Kind, fact.Status));
        Assert.Equal("registry:oci", fact.Writer.ToString());
        Assert.Equal(new Ordinal(0, 0, 1), fact.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 1, TimeSpan.Zero).AddTicks(2970101), fact.OccurredAt);
        Assert.Empty(fact.Links);
        Assert.Equal("6a1f0f3c", translation.DeliveryId);
        Assert.Equal(fact.Subject, Assert.Single(translation.Hints));
        Assert.Equal(new Uri($"https://registry.acme.example/v2/acme/web/manifests/{Given.Digest('a')}"), fact.Evidence!.Url);
    }

    [Theory]
    [InlineData("application/vnd.oci.image.index.v1+json")]
    [InlineData("application/vnd.oci.image.manifest.v1+json")]
    [InlineData("application/vnd.docker.distribution.manifest.v2+json")]
    [InlineData("application/vnd.docker.distribution.manifest.list.v2+json")]
    public void Every_kind_of_manifest_counts(string type) => Assert.Single(Distribution(Given.Notification(Given.Push(Given.Digest('a'), type: type))).Facts);

    public static TheoryData<string, JsonObject> Noise => new()
    {
        { "blob", Given.Push(Given.Digest('a'), tag: null, type: "application/octet-stream") },
        { "pull, also of HEAD and 304", Given.Push(Given.Digest('a'), action: "pull") },
        { "mount", Given.Push(Given.Digest('a'), tag: null, type: "application/octet-stream", action: "mount") },
        { "mount of a manifest type", Given.Push(Given.Digest('a'), action: "mount") },
        { "delete by digest", new JsonObject { ["id"] = "d", ["timestamp"] = "2026-03-02T09:00:01Z", ["action"] = "delete", ["target"] = new JsonObject { ["digest"] = Given.Digest('a'), ["repository"] = "acme/web" } } },
        { "delete of a tag", new JsonObject { ["id"] = "d", ["timestamp"] = "2026-03-02T09:00:01Z", ["action"] = "delete", ["target"] = new JsonObject { ["repository"] = "acme/web", ["tag"] = "v1" } } },
        { "another repository", Given.Push(Given.Digest('a'), repository: "acme/other") },
        { "chart", Given.Push(Given.Digest('a'), references: [FakeRegistry.Descriptor("application/vnd.cncf.helm.config.v1+json", Given.Digest('b'))]) },
        { "signature tag", Given.Push(Given.Digest('a'), tag: "sha256-" + new string('c', 64) + ".sig") },
        { "unknown action", Given.Push(Given.Digest('a'), action: "replicate") },
    };

    [Theory]
    [MemberData(nameof(Noise))]
    public void What_makes_no_image_is_ignored(string what, JsonObject @event)
    {
        var translation = Distribution(Given.Notification(@event));
        Assert.True(translation.Outcome == TranslationOutcome.Ignored, what);
        Assert.NotEqual("", translation.Detail);
    }

    [Fact]
    public void One_bad_event_of_several_does_not_lose_the_others()
    {
        var translation = Distribution(Given.Notification(Given.Push("sha256:short"), Given.Push(Given.Digest('b'))));
        Assert.Equal(Key.Image(Given.Digest('b')), Assert.Single(translation.Facts).Subject);
        Assert.Contains("digest", Assert.Single(translation.Diagnostics), StringComparison.Ordinal);
        Assert.Null(translation.DeliveryId);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"events\":{}}")]
    [InlineData("{\"event_data\":{}}")]
    public void A_body_of_another_form_is_malformed_and_still_answered_with_202(string body)
    {
        var adapter = Given.Adapter();
        Assert.Equal(TranslationOutcome.Malformed, adapter.Translator!.Translate(Given.Delivery(body)).Outcome);
        Assert.Equal(202, adapter.MalformedStatusCode);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("")]
    public void Harbor_announces_in_its_default_format(string tag)
    {
        var translation = Harbor(Given.Harbor(Given.Digest('a'), tag));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1772442001), Assert.Single(translation.Facts).OccurredAt);
        Assert.Null(translation.DeliveryId);
    }

    [Fact]
    public void Harbor_announces_in_CloudEvents()
    {
        var translation = Harbor(new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = "e1", ["source"] = "/projects/1/webhook/policies/1", ["type"] = "harbor.artifact.pushed", ["time"] = "2026-03-02T09:00:01Z",
            ["datacontenttype"] = "application/json", ["operator"] = "ci", ["data"] = Given.HarborData(Given.Digest('a'), "v1"),
        });
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 1, TimeSpan.Zero), Assert.Single(translation.Facts).OccurredAt);
        Assert.Equal("e1", translation.DeliveryId);
    }

    [Theory]
    [InlineData("PULL_ARTIFACT")]
    [InlineData("DELETE_ARTIFACT")]
    [InlineData("SCANNING_COMPLETED")]
    [InlineData("REPLICATION")]
    [InlineData("SOMETHING_NEW")]
    public void Other_events_of_Harbor_are_ignored(string type) => Assert.Equal(TranslationOutcome.Ignored, Harbor(Given.Harbor(Given.Digest('a'), type: type)).Outcome);

    [Theory]
    [InlineData("package", "CONTAINER")]
    [InlineData("registry_package", "CONTAINER")]
    [InlineData("package", "container")]
    [InlineData("package", "docker")]
    public void GitHub_announces_with_both_events(string @event, string packageType)
    {
        var translation = Ghcr(Given.Ghcr(Given.Digest('a'), member: @event, packageType: packageType), @event);
        var fact = Assert.Single(translation.Facts);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 1, TimeSpan.Zero), fact.OccurredAt);
        Assert.Empty(fact.Links);
        Assert.Equal("d-1", translation.DeliveryId);
        Assert.Equal(new Uri($"https://ghcr.io/v2/acme/web/manifests/{Given.Digest('a')}"), fact.Evidence!.Url);
    }

    [Fact]
    public void A_package_without_a_tag_has_an_address_that_ends_with_a_colon() => Assert.Single(Ghcr(Given.Ghcr(Given.Digest('a'), tag: ""), "package").Facts);

    [Fact]
    public void An_event_with_less_than_usual_still_tells_its_repository()
    {
        var body = Given.Ghcr(Given.Digest('a'));
        body["package"]!["package_version"]!.AsObject().Remove("package_url");
        Assert.Single(Ghcr(body, "package").Facts);
    }

    [Theory]
    [InlineData("npm", "package")]
    [InlineData("CONTAINER", "ping")]
    [InlineData("CONTAINER", "push")]
    public void Other_events_of_GitHub_are_ignored(string packageType, string @event) => Assert.Equal(TranslationOutcome.Ignored, Ghcr(Given.Ghcr(Given.Digest('a'), packageType: packageType), @event).Outcome);

    [Fact]
    public void A_package_with_a_digest_that_is_none_is_malformed()
    {
        var translation = Ghcr(Given.Ghcr("sha256:abc123"), "package");
        Assert.Equal(TranslationOutcome.Malformed, translation.Outcome);
        Assert.Contains("digest", translation.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer " + Given.Secret, true)]
    [InlineData(Given.Secret, true)]
    [InlineData("Bearer " + Given.Secret + "x", false)]
    [InlineData("Bearer ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_registry_shows_the_secret_in_its_header(string? header, bool isAuthentic)
    {
        var delivery = header is null ? Given.Delivery("{}") : Given.Delivery("{}", ("Authorization", header));
        Assert.Equal(isAuthentic, Given.Adapter().Authenticator!.IsAuthentic(delivery));
        Assert.Equal(isAuthentic, Given.Adapter(static o => o.Flavour = OciFlavour.Harbor).Authenticator!.IsAuthentic(delivery));
        Assert.False(Given.Adapter(static o => o.Flavour = OciFlavour.Ghcr).Authenticator!.IsAuthentic(delivery));
    }

    [Fact]
    public void GitHub_signs()
    {
        byte[] body = Encoding.UTF8.GetBytes(Given.Ghcr(Given.Digest('a')).ToJsonString());
        string signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Given.Secret), body));
        var authenticator = Given.Adapter(static o => o.Flavour = OciFlavour.Ghcr).Authenticator!;
        Assert.True(authenticator.IsAuthentic(Given.Delivery(body, ("X-Hub-Signature-256", signature))));
        Assert.False(authenticator.IsAuthentic(Given.Delivery([.. body, (byte)' '], ("X-Hub-Signature-256", signature))));
        Assert.False(authenticator.IsAuthentic(Given.Delivery(body, ("X-Hub-Signature-256", ""))));
        Assert.False(authenticator.IsAuthentic(Given.Delivery(body)));
    }

    [Fact]
    public void Repetitions_and_retags_are_one_register()
    {
        var first = Distribution(Given.Notification(Given.Push(Given.Digest('a'), tag: "v1", id: "1")));
        var again = Distribution(Given.Notification(Given.Push(Given.Digest('a'), tag: "v1", id: "2")));
        var retag = Distribution(Given.Notification(Given.Push(Given.Digest('a'), tag: "prod", id: "3")));
        Assert.Equal(first.Facts.Single(), again.Facts.Single());
        Assert.Equal(first.Facts.Single(), retag.Facts.Single());
    }

    private static Translation Distribution(JsonNode body, string contentType = "application/json") => Given.Adapter().Translator!.Translate(Given.Delivery(body, ("Content-Type", contentType)));

    private static Translation Harbor(JsonNode body) => Given.Adapter(static o => o.Flavour = OciFlavour.Harbor).Translator!.Translate(Given.Delivery(body));

    private static Translation Ghcr(JsonNode body, string @event) =>
        Given.Adapter(static o =>
        {
            o.Flavour = OciFlavour.Ghcr;
            o.Address = null;
        }).Translator!.Translate(Given.Delivery(body, ("X-GitHub-Event", @event), ("X-GitHub-Delivery", "d-1")));
}
