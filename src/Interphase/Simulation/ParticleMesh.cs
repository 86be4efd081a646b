namespace Interphase.Simulation;

/// <summary>
/// The mesh of a sphere of radius 1: nodes from centre to surface, finest at the surface, each with the finite volume around it.
/// The last node lies on the surface, so that the surface stoichiometry is an unknown and not an extrapolation.
/// </summary>
internal sealed class ParticleMesh
{
    /// <summary>How strongly nodes crowd at the surface: r = 1 − (1 − u)^1.6 at even u.</summary>
    private const double Grading = 1.6;

    public ParticleMesh(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 3);
        Radius = new double[nodes];
        Volume = new double[nodes];
        Conductance = new double[nodes - 1];
        for (var i = 0; i < nodes; i++) { Radius[i] = 1 - Math.Pow(1 - ((double)i / (nodes - 1)), Grading); }
        Radius[^1] = 1;
        var inner = 0.0;
        for (var i = 0; i < nodes; i++)
        {
            var face = i < nodes - 1 ? (Radius[i] + Radius[i + 1]) / 2 : 1;
            Volume[i] = ((face * face * face) - (inner * inner * inner)) / 3;
            if (i < nodes - 1) { Conductance[i] = face * face / (Radius[i + 1] - Radius[i]); }
            inner = face;
        }
    }

    public int Nodes => Radius.Length;

    /// <summary>Radius of each node.</summary>
    public double[] Radius { get; }

    /// <summary>∫ r² dr over each finite volume; together 1/3.</summary>
    public double[] Volume { get; }

    /// <summary>r²/Δr of the face outside each node but the last.</summary>
    public double[] Conductance { get; }
}
