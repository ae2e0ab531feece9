using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci.Tests;

public sealed class ExplainTests
{
    [Fact]
    public void A_notification_is_explained_event_by_event()
    {
        var explanation = Explain(Given.Notification(Given.Push(Given.Digest('a')), Given.Push(Given.Digest('b'), type: "application/octet-stream"), Given.Push("sha256:short")));
        Assert.Equal(Key.Image(Given.Digest('a')), Assert.Single(explanation.Facts).Subject);
        Assert.Equal("passed", explanation.Verdict);
        Assert.Equal(2, explanation.Ignored.Length);
        Assert.Contains(explanation.Ignored, static i => i.StartsWith("malformed: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Events_of_Harbor_and_GitHub_are_known_by_their_content_or_name()
    {
        Assert.Equal("passed", Explain(Given.Harbor(Given.Digest('a'))).Verdict);
        Assert.Equal("none", Explain(Given.Harbor(Given.Digest('a'), type: "PULL_ARTIFACT")).Verdict);
        Assert.Equal("passed", Explain(Given.Ghcr(Given.Digest('a'))).Verdict);
        Assert.Equal("passed", Explain(Given.Ghcr(Given.Digest('a'), member: "registry_package"), "registry_package").Verdict);
        Assert.Equal("none", Explain(Given.Ghcr(Given.Digest('a')), "ping").Verdict);
    }

    [Fact]
    public void A_manifest_has_the_digest_of_its_bytes_and_links_its_configuration()
    {
        byte[] manifest = Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"config":{"mediaType":"{{{FakeRegistry.Config}}}","digest":"{{{Given.Digest('c')}}}"},"layers":[],"annotations":{"org.opencontainers.image.revision":"{{{Given.Sha('a')}}}","org.opencontainers.image.source":"{{{Given.Source}}}"}}""");
        var explanation = OciAdapter.Explain(manifest, null);
        string digest = FakeRegistry.DigestOf(manifest);
        Assert.Equal([Given.Commit('a')], explanation.Facts.CommitsOf(digest));
        Assert.Equal([Given.Commit('a')], explanation.Facts.CommitsOf(Given.Digest('c')));
        Assert.Equal(digest, explanation.Summary["digest"]);
        Assert.Equal("passed", explanation.Verdict);
    }

    [Fact]
    public void An_index_links_its_platforms_and_leaves_attestations_out()
    {
        var attestation = FakeRegistry.Child(Given.Digest('c'), "unknown");
        attestation["annotations"] = new JsonObject { ["vnd.docker.reference.type"] = "attestation-manifest" };
        var explanation = Explain(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(FakeRegistry.Child(Given.Digest('b')), attestation) });
        Assert.Equal(2, explanation.Facts.Length);
        Assert.Contains("attestation", Assert.Single(explanation.Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_tells_its_labels()
    {
        var explanation = Explain(JsonNode.Parse($$$"""{"created":"2026-03-02T09:00:00Z","config":{"Labels":{"org.opencontainers.image.revision":"{{{Given.Sha('a')}}}","org.opencontainers.image.source":"{{{Given.Source}}}"}},"rootfs":{"type":"layers"}}""")!);
        Assert.Equal([Given.Commit('a')], Assert.Single(explanation.Facts).Links);
        Assert.Equal(Given.Sha('a'), explanation.Summary["revision"]);
    }

    [Fact]
    public void A_provenance_is_a_claim_and_no_evidence()
    {
        var explanation = OciAdapter.Explain(Encoding.UTF8.GetBytes(ReadingTests.BuildKit.Replace("$D", new string('d', 64), StringComparison.Ordinal).Replace("$C", Given.Sha('a'), StringComparison.Ordinal)), null);
        Assert.Empty(explanation.Facts);
        Assert.Equal("none", explanation.Verdict);
        Assert.Equal(Given.Commit('a').ToString(), explanation.Summary["commit"]);
    }

    [Fact]
    public void A_log_of_deliveries_is_explained_value_by_value_and_a_repetition_is_named()
    {
        string push = new JsonObject { ["headers"] = new JsonObject(), ["body"] = Given.Notification(Given.Push(Given.Digest('a'))) }.ToJsonString();
        string retag = Given.Notification(Given.Push(Given.Digest('a'), tag: "prod")).ToJsonString();
        var explanation = OciAdapter.Explain(Encoding.UTF8.GetBytes($"{push}\n{push}\n{retag}\nnot json"), null);
        Assert.Equal(2, explanation.Facts.Length);
        Assert.Equal(2, explanation.Ignored.Length);
        Assert.Contains(explanation.Ignored, static i => i.EndsWith("again", StringComparison.Ordinal));
        Assert.Contains("what comes after value 3 is not JSON", explanation.Ignored);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("7")]
    [InlineData("[1,\"x\",null]")]
    [InlineData("{}")]
    [InlineData("{\"schemaVersion\":1}")]
    [InlineData("{\"_type\":\"x\"}")]
    public void Anything_else_is_ignored_with_a_reason(string text)
    {
        var explanation = OciAdapter.Explain(Encoding.UTF8.GetBytes(text), null);
        Assert.Equal("none", explanation.Verdict);
        Assert.NotEmpty(explanation.Ignored);
    }

    private static PayloadExplanation Explain(JsonNode node, string? eventName = null) => OciAdapter.Explain(Encoding.UTF8.GetBytes(node.ToJsonString()), eventName);
}
