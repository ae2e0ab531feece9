using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClosedLoop.Adapters.Kubernetes.Client;

/// <summary>
/// Reads a kubeconfig, YAML or JSON: server, authority, token, token file and client certificate of one context. Read as a tree of nodes,
/// without reflection, so that it works in trimmed programs.
/// </summary>
internal static class Kubeconfig
{
    private const string Option = nameof(KubernetesOptions.KubeconfigFile);

    public static ClusterAccess? Read(KubernetesOptions options, List<string> problems)
    {
        if (ClusterAccess.ReadFile(options.KubeconfigFile!, Option, problems) is not { } text) return null;
        if (Parse(text) is not { } root) return Problem("is not a kubeconfig in YAML or JSON", "write one with kubectl config view --raw --minify");
        string? context = options.KubeconfigContext ?? Text(root, "current-context");
        if (Named(root, "contexts", context, "context") is not { } chosen)
            return Problem($"has no context {SourceText.Quote(context ?? "")}", "set Kubernetes:KubeconfigContext to one of its contexts");
        if (Named(root, "clusters", Text(chosen, "cluster"), "cluster") is not { } cluster || !Uri.TryCreate(Text(cluster, "server"), UriKind.Absolute, out var server))
            return Problem("names no server for that context", "check its clusters");
        if (Text(cluster, "insecure-skip-tls-verify") == "true")
            return Problem("skips the check of the server's certificate", "give it certificate-authority-data instead of insecure-skip-tls-verify");
        var user = Named(root, "users", Text(chosen, "user"), "user");
        if (user is not null && (user.Children.ContainsKey("exec") || user.Children.ContainsKey("auth-provider")))
            return Problem("gets its credentials from a program (exec or auth-provider), which is not run", "make a service account token and set Kubernetes:Server and Kubernetes:TokenFile");
        if (user is not null && user.Children.ContainsKey("password"))
            return Problem("uses a user name and password", "use a token or a client certificate: API servers take no passwords any more");

        string? tokenFile = PathOf(user, "tokenFile");
        if (tokenFile is not null) ClusterAccess.CheckTokenFile(tokenFile, Option, problems);
        return new ClusterAccess
        {
            Server = server,
            Token = tokenFile is null ? Text(user, "token") is { Length: > 0 } token ? token.Trim() : null : null,
            TokenFile = tokenFile,
            Authorities = ClusterAccess.ReadAuthorities(Pem(cluster, "certificate-authority"), Option, problems),
            ClientCertificate = ClusterAccess.ReadCertificate(Pem(user, "client-certificate"), Pem(user, "client-key"), Option, problems),
        };

        ClusterAccess? Problem(string what, string fix)
        {
            KubernetesOptionsValidation.Add(problems, Option, what, fix);
            return null;
        }

        // As data in the file itself, which goes first, or as a file beside it.
        string? Pem(YamlMappingNode? node, string name)
        {
            if (Text(node, $"{name}-data") is { Length: > 0 } data)
            {
                try
                {
                    return Encoding.UTF8.GetString(Convert.FromBase64String(data));
                }
                catch (FormatException)
                {
                    Problem($"has {name}-data that is not base64", "write it again with kubectl config view --raw --minify");
                    return null;
                }
            }
            return PathOf(node, name) is { } path ? ClusterAccess.ReadFile(path, Option, problems) : null;
        }

        string? PathOf(YamlMappingNode? node, string name) =>
            Text(node, name) is { Length: > 0 } path ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.KubeconfigFile!)) ?? "", path) : null;
    }

    private static YamlMappingNode? Parse(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count > 0 ? stream.Documents[0].RootNode as YamlMappingNode : null;
        }
        catch (YamlException)
        {
            return null;
        }
    }

    private static YamlMappingNode? Named(YamlMappingNode root, string list, string? name, string member)
    {
        if (name is null || !root.Children.TryGetValue(list, out var found) || found is not YamlSequenceNode items) return null;
        foreach (var item in items.OfType<YamlMappingNode>())
            if (Text(item, "name") == name)
                return item.Children.TryGetValue(member, out var inner) ? inner as YamlMappingNode : null;
        return null;
    }

    private static string? Text(YamlMappingNode? node, string name) =>
        node is not null && node.Children.TryGetValue(name, out var found) && found is YamlScalarNode { Value: { } value } ? value : null;
}
