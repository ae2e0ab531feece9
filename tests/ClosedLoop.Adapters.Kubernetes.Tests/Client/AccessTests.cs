using System.Text;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Client;

/// <summary>Where the cluster is and as whom it is asked: service account, kubeconfig, server; always with its certificate checked.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task The_clusters_own_authority_is_trusted_and_no_other()
    {
        using var ours = new Pki("cluster");
        using var theirs = new Pki("stranger");
        using var folder = new TempFolder();
        await using var cluster = await FakeCluster.StartAsync(ours.Sign("server").Certificate);
        cluster.Show(Given.Running('a'));
        string right = folder.Write("ca.crt", ours.AuthorityPem), wrong = folder.Write("other.crt", theirs.AuthorityPem);

        Assert.Equal(ProbeOutcome.Reached, (await LookAsync(Given.Options(cluster.Address, o => o.CertificateAuthorityFile = right))).Outcome);
        foreach (string? ca in (string?[])[wrong, null])
        {
            var refused = await LookAsync(Given.Options(cluster.Address, o => o.CertificateAuthorityFile = ca));
            Assert.Equal(ProbeOutcome.Unreachable, refused.Outcome);
            Assert.Contains("SecureConnectionError", refused.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_account_brings_its_token_and_its_authority()
    {
        using var pki = new Pki("cluster");
        using var folder = new TempFolder();
        await using var cluster = await FakeCluster.StartAsync(pki.Sign("server").Certificate);
        cluster.Show(Given.Running('a'));
        folder.Write("ca.crt", pki.AuthorityPem);
        folder.Write("token", "of-the-pod");
        var options = Given.Options(change: o => (o.Server, o.ServiceAccountDirectory, o.ServiceAddress) = (null, folder.Path, cluster.Address));
        Assert.Equal(ProbeOutcome.Reached, (await LookAsync(options)).Outcome);
        Assert.Equal(["Bearer of-the-pod"], cluster.Credentials.Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kubeconfig_brings_a_client_certificate_as_data_or_as_files_beside_it(bool asData)
    {
        using var pki = new Pki("cluster");
        using var folder = new TempFolder();
        var (_, certificate, key) = pki.Sign("alice");
        string? seen = null;
        await using var cluster = await FakeCluster.StartAsync(pki.Sign("server").Certificate, tls =>
        {
            tls.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            tls.ClientCertificateValidation = (shown, _, _) => (seen = shown.Subject) is not null;
        });
        cluster.Show(Given.Running('a'));
        folder.Write("ca.crt", pki.AuthorityPem);
        folder.Write("alice.crt", certificate);
        folder.Write("alice.key", key);
        string file = folder.Write("config", $"""
            apiVersion: v1
            kind: Config
            current-context: work
            contexts:
            - name: home
              context: {"{cluster: none, user: none}"}
            - name: work
              context:
                cluster: acme
                user: alice
            clusters:
            - name: acme
              cluster:
                server: {cluster.Address}
                {(asData ? "certificate-authority-data: " + Base64(pki.AuthorityPem) : "certificate-authority: ca.crt")}
            users:
            - name: alice
              user:
                {(asData ? "client-certificate-data: " + Base64(certificate) : "client-certificate: alice.crt")}
                {(asData ? "client-key-data: " + Base64(key) : "client-key: alice.key")}
            """);
        var result = await LookAsync(Given.Options(change: o => (o.Server, o.KubeconfigFile) = (null, file)));
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal("CN=alice", seen);
    }

    [Theory]
    [InlineData("token: from-the-file")]
    [InlineData("tokenFile: token.txt")]
    public async Task A_kubeconfig_brings_a_token_also_as_JSON(string token)
    {
        using var folder = new TempFolder();
        await using var cluster = await FakeCluster.StartAsync();
        cluster.Show(Given.Running('a'));
        folder.Write("token.txt", "from-the-file");
        string[] parts = token.Split(": ");
        string file = folder.Write("config", $$$"""
            {"current-context":"c","contexts":[{"name":"c","context":{"cluster":"k","user":"u"}}],
             "clusters":[{"name":"k","cluster":{"server":"{{{cluster.Address}}}"}}],"users":[{"name":"u","user":{"{{{parts[0]}}}":"{{{parts[1]}}}"}}]}
            """);
        Assert.Equal(ProbeOutcome.Reached, (await LookAsync(Given.Options(change: o => (o.Server, o.KubeconfigFile) = (null, file)))).Outcome);
        Assert.Equal(["Bearer from-the-file"], cluster.Credentials.Distinct());
    }

    [Theory]
    [InlineData("no yaml: [", "is not a kubeconfig")]
    [InlineData("{}", "has no context")]
    [InlineData("{current-context: c, contexts: [{name: c, context: {cluster: k}}]}", "names no server")]
    [InlineData("{current-context: c, contexts: [{name: c, context: {cluster: k}}], clusters: [{name: k, cluster: {server: 'https://k', insecure-skip-tls-verify: true}}]}", "skips the check")]
    [InlineData("{current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}], clusters: [{name: k, cluster: {server: 'https://k'}}], users: [{name: u, user: {exec: {command: rm}}}]}", "from a program")]
    [InlineData("{current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}], clusters: [{name: k, cluster: {server: 'https://k'}}], users: [{name: u, user: {password: canary-9c1e}}]}", "uses a user name and password")]
    [InlineData("{current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}], clusters: [{name: k, cluster: {server: 'https://k'}}], users: [{name: u, user: {client-key-data: canary-9c1e, client-certificate-data: canary-9c1e}}]}", "not base64")]
    [InlineData("{current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}], clusters: [{name: k, cluster: {server: 'http://k'}}], users: [{name: u, user: {token: canary-9c1e}}]}", "is http")]
    public void A_kubeconfig_that_is_not_taken_is_named_with_the_reason_and_without_secrets(string yaml, string reason)
    {
        using var folder = new TempFolder();
        string file = folder.Write("config", yaml);
        var e = Assert.Throws<OptionsValidationException>(() => KubernetesAdapter.CreateHandler(Given.Options(change: o => (o.Server, o.KubeconfigFile) = (null, file))));
        Assert.Contains(e.Failures, f => f.Contains("Kubernetes:KubeconfigFile", StringComparison.Ordinal) && f.Contains(reason, StringComparison.Ordinal) && f.Contains("; ", StringComparison.Ordinal));
        Assert.DoesNotContain("canary", e.ToString(), StringComparison.Ordinal);
    }

    private static async Task<ProbeResult> LookAsync(KubernetesOptions options)
    {
        using var http = new HttpClient(KubernetesAdapter.CreateHandler(options));
        return await KubernetesAdapter.Create(options, http, TimeProvider.System).Probe!.ProbeAsync(Given.Sweep, default);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
