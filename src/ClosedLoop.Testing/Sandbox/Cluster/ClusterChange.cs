namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>One change of one object, as watches tell it.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</param>
/// <param name="Object">The object from then on; of one that is deleted, as it was last, in the version of its end.</param>
internal sealed record ClusterChange(string Type, ClusterObject Object)
{
    public const string Added = "ADDED", Modified = "MODIFIED", Deleted = "DELETED";
}
