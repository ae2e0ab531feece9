namespace ClosedLoop.Testing.Sandbox;

/// <summary>One place that runs a service of the sandbox.</summary>
/// <param name="Repository">The repository of the service, <c>owner/name</c>.</param>
/// <param name="Environment">The environment, which is also the namespace in the cluster.</param>
/// <param name="Name">The target's name in it; Deployments, applications, Kustomizations and Rollouts are called so.</param>
/// <param name="Health">Where it answers whether it is well, and which commit answers: <c>{"status":"UP","commit":"…"}</c>.</param>
public sealed record SandboxTarget(string Repository, string Environment, string Name, Uri Health);
