namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>An event about a Deployment, kept in the cluster and sent as a webhook.</summary>
internal sealed record ClusterEvent(int Sequence, string Namespace, string Deployment, string Uid, string Reason, string Message, string Image, long Generation, DateTimeOffset At);
