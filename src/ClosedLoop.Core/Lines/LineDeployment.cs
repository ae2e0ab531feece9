namespace ClosedLoop.Lines;

/// <summary>One commit that runs at a target.</summary>
/// <param name="Sha">The commit's id.</param>
/// <param name="Behind">How many commits of the line are newer; null when it is not of this line, or its place is not known.</param>
public sealed record LineDeployment(string Sha, long? Behind);
